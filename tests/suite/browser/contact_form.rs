//! A website on another origin sends the shop's form, in every way that websites do.

use super::{Chromium, Shop, Tab};

async fn fill(tab: &Tab, email: &str) {
    tab.type_into("[name=name]", "Zoé Dupont").await;
    tab.type_into("[name=email]", email).await;
    tab.type_into("[name=phone]", "06 12 34 56 78").await;
    tab.type_into("[name=message]", "Bonjour").await;
    tab.click("[name=marketing_email]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_origin_makes_a_customer_and_thanks_the_visitor() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let tab = chromium.tab().await;
    tab.speak("fr").await;
    for (path, name) in [("plain", "dupont"), ("multipart", "durand")] {
        tab.open(&format!("{}/{path}", shop.website.origin())).await;
        fill(&tab, &format!("{name}@example.com")).await;
        tab.follow(tab.click("button")).await;
        assert!(tab.address().await.starts_with(&shop.at("/f/contact/thanks")), "{path}");
        tab.says("Merci").await;

        let customer = desk.customer(&format!("{name}@example.com")).await;
        assert_eq!(customer["status"], "potential", "{customer}");
        assert_eq!(customer["phone_e164"], "+33612345678", "{customer}");
        assert_eq!(customer["language"], "fr", "{customer}");
    }
    tab.shoot("form-thanks").await;
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_of_another_origin_sends_the_form_and_reads_the_receipt() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let tab = chromium.tab().await;
    tab.open(&format!("{}/script", shop.website.origin())).await;
    fill(&tab, "zoe@example.com").await;
    tab.click("button").await;
    tab.says(r#"<p id="answer">200 {"receipt":""#).await;
    assert_eq!(desk.customer("zoe@example.com").await["name"], "Zoé Dupont");
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_right_says_what_to_correct() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let tab = chromium.tab().await;
    for language in ["fr", "en"] {
        tab.speak(language).await;
        tab.open(&format!("{}/plain", shop.website.origin())).await;
        fill(&tab, "nobody").await;
        tab.follow(tab.click("button")).await;
        tab.says(if language == "fr" { "Ce n’est pas une adresse e-mail" } else { "not an e-mail address" }).await;
        tab.shoot(&format!("form-error-{language}")).await;
    }
    shop.assert_quiet(&tab);
    chromium.stop().await;
}
