//! The preferences, reached from a mail.

use serde_json::Value;

use super::shop::Desk;
use super::{Chromium, Shop, Tab};

const UNSUBSCRIBE: &str = "[action$=unsubscribe] button";

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
        tab.follow(tab.click(UNSUBSCRIBE)).await;
        tab.says(done).await;
        assert_eq!(tab.all(UNSUBSCRIBE).await.len(), 0, "nothing is left to take back");
        tab.shoot(&format!("preferences-done-{language}")).await;
        let customer = desk.customer(&email).await;
        assert_eq!(customer["consents"]["marketing_email"]["state"], "withdrawn", "{customer}");
    }
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

/// What one language's pages say.
struct Words {
    language: &'static str,
    agreed: &'static str,
    confirmed: &'static str,
    wrong: &'static str,
    deleted: &'static str,
}

const WORDS: [Words; 2] = [
    Words {
        language: "fr",
        agreed: "C’est fait, merci",
        confirmed: "Votre adresse est confirmée",
        wrong: "Ce n’est pas le bon code",
        deleted: "Vos données sont supprimées",
    },
    Words {
        language: "en",
        agreed: "Done, thank you",
        confirmed: "Your address is confirmed",
        wrong: "That is not the right code",
        deleted: "Your data are deleted",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_asks_a_code_proves_and_a_button_deletes_without_script() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let tab = chromium.tab().await;
    tab.scripts(false).await;
    for words in WORDS {
        let email = format!("zoe.{}@example.com", words.language);
        tab.speak(words.language).await;
        sends_the_form(&shop, &tab, &email, "Bonjour").await;
        let preferences = preferences_address(&desk.mail_to(&email).await);
        proves_the_address(&desk, &tab, &preferences, &email, &words).await;
        tab.open(&preferences).await;
        tab.follow(tab.click(UNSUBSCRIBE)).await;

        // Once taken back, the box counts when the mail is answered.
        sends_the_form(&shop, &tab, &email, "Encore moi").await;
        tab.open(&preferences_address(&desk.mail_to(&email).await)).await;
        tab.shoot(&format!("agree-{}", words.language)).await;
        tab.has_targets_of(48.0).await;
        tab.follow(tab.click("button")).await;
        tab.says(words.agreed).await;
        tab.shoot(&format!("agreed-{}", words.language)).await;

        tab.open(&preferences).await;
        tab.shoot(&format!("preferences-agreed-{}", words.language)).await;
        tab.follow(tab.click("a[href$=deletion]")).await;
        tab.type_into("[name=comment]", "Merci pour tout.").await;
        tab.shoot(&format!("deletion-{}", words.language)).await;
        tab.has_targets_of(48.0).await;
        tab.follow(tab.click("button")).await;
        tab.says(words.deleted).await;
        tab.shoot(&format!("deleted-{}", words.language)).await;
        let found = desk.get(&format!("/v1/customers?q={email}")).await;
        assert_eq!(found["items"].as_array().unwrap().len(), 0, "{found}");
    }
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

/// On the merchant's page, with the box ticked.
async fn sends_the_form(shop: &Shop, tab: &Tab, email: &str, message: &str) {
    tab.open(&format!("{}/plain", shop.website.origin())).await;
    tab.type_into("[name=name]", "Zoé Dupont").await;
    tab.type_into("[name=email]", email).await;
    tab.type_into("[name=message]", message).await;
    tab.click("[name=marketing_email]").await;
    tab.follow(tab.click("button")).await;
}

/// With a wrong code first, then with the right one as a person groups it.
async fn proves_the_address(desk: &Desk, tab: &Tab, preferences: &str, email: &str, words: &Words) {
    tab.open(preferences).await;
    tab.follow(tab.click("[action$=address-code] button")).await;
    tab.shoot(&format!("address-{}", words.language)).await;
    tab.has_targets_of(48.0).await;
    let mail = desk.mail_to(email).await;
    let text = mail["text"].as_str().unwrap();
    let code = text.lines().find(|line| line.len() == 8 && line.bytes().all(|b| b.is_ascii_digit())).unwrap();
    let wrong = if code.starts_with('1') { "20000000" } else { "10000000" };
    tab.type_into("#code", wrong).await;
    tab.follow(tab.click("[action$=address] button")).await;
    tab.says(words.wrong).await;
    tab.shoot(&format!("address-wrong-{}", words.language)).await;
    tab.type_into("#code", &format!("{} {}", &code[..4], &code[4..])).await;
    tab.follow(tab.click("[action$=address] button")).await;
    tab.says(words.confirmed).await;
    tab.shoot(&format!("address-done-{}", words.language)).await;
}
