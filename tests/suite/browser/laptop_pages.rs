//! The laptop's own pages: where everything is, and what was sent.

use serde_json::json;

use super::{Chromium, Shop};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_leads_to_every_page() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let tab = chromium.tab().await;
    tab.open(&shop.at("/")).await;
    tab.says(shop.stack.base_url()).await;
    tab.shoot("first-page").await;
    let broken = "async () => (await Promise.all([...document.links].map(async link => [link.href, (await fetch(link.href)).ok])))
        .filter(([, ok]) => !ok)";
    assert_eq!(tab.run(broken).await, json!([]), "links that lead nowhere");
    tab.follow(tab.click(r#"a[href="/local/mailbox"]"#)).await;
    tab.says("No mail yet").await;
    tab.shoot("mailbox-empty").await;
    shop.assert_quiet(&tab);
    chromium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_shows_mails_in_a_frame_whose_links_open() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    let desk = shop.desk(chromium.tab().await).await;
    let tab = chromium.tab().await;
    tab.speak("fr").await;
    tab.open(&format!("{}/plain", shop.website.origin())).await;
    tab.type_into("[name=name]", "Zoé Dupont").await;
    tab.type_into("[name=email]", "zoe@example.com").await;
    tab.click("[name=marketing_email]").await;
    tab.follow(tab.click("button")).await;
    let mail = desk.mail_to("zoe@example.com").await;

    tab.open(&shop.at("/local/mailbox")).await;
    tab.says(mail["subject"].as_str().unwrap()).await;
    tab.shoot("mailbox").await;
    tab.follow(tab.click(".mails a")).await;
    let opened = tab.click_in_frame(&shop.at("/p/")).await;
    let preferences = chromium.opened_at(&opened).await;
    preferences.says("Ne plus recevoir").await;
    tab.shoot("mail").await;
    for part in ["text", "headers", "source"] {
        tab.follow(tab.click(&format!(r#"a[href="?part={part}"]"#))).await;
        tab.shoot(&format!("mail-{part}")).await;
    }
    shop.assert_quiet(&tab);
    chromium.stop().await;
}
