//! The preferences, reached from a mail.

use serde_json::Value;

use super::{Chromium, Shop};

/// The address of the preferences as a mail's text part names it.
pub fn preferences_address(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let begin = text.find("http").and_then(|_| text.find("/p/")).expect("a mail names the preferences");
    let begin = text[..begin].rfind("http").unwrap();
    text[begin..].split(|c: char| c.is_whitespace() || c == '>').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_on_a_button_unsubscribes() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let tab = chromium.tab().await;
    for (language, button, done) in [("fr", "Ne plus recevoir", "C’est fait"), ("en", "Stop receiving", "Done")] {
        let email = format!("zoe.{language}@example.com");
        tab.scripts(true).await;
        tab.speak(language).await;
        tab.open(&format!("{}/plain", shop.website.origin())).await;
        tab.type_into("[name=name]", "Zoé Dupont").await;
        tab.type_into("[name=email]", &email).await;
        tab.click("[name=marketing_email]").await;
        tab.follow(tab.click("button")).await;

        tab.scripts(false).await;
        let welcome = desk.mail_to(&email).await;
        tab.open(&preferences_address(&welcome)).await;
        tab.says(button).await;
        tab.shoot(&format!("preferences-{language}")).await;
        tab.has_targets_of(48.0).await;
        tab.follow(tab.click("button")).await;
        tab.says(done).await;
        assert_eq!(tab.all("button").await.len(), 0, "nothing is left to take back");
        tab.shoot(&format!("preferences-done-{language}")).await;
        let customer = desk.customer(&email).await;
        assert_eq!(customer["consents"]["marketing_email"]["state"], "withdrawn", "{customer}");
    }
    shop.assert_quiet(&tab);
    chromium.stop().await;
}
