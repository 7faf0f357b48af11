//! The laptop's own pages: where everything is, and what was sent.

use aws_sdk_sesv2::types::{
    Attachment, AttachmentContentDisposition, Body, Content, Destination, EmailContent, Message,
};
use aws_smithy_types::Blob;
use serde_json::json;

use super::{Chromium, Shop};
use crate::pictures::png;

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

/// A mail of a picture in its text, and of a file with a name that would break a narrow page.
async fn mail_with_files(shop: &Shop) {
    let part = |text: &str| Content::builder().data(text).charset("UTF-8").build().unwrap();
    let file = |name: &str, kind: &str, content: Vec<u8>| {
        Attachment::builder().file_name(name).content_type(kind).raw_content(Blob::new(content))
    };
    let picture = file("logo.png", "image/png", png(64, 48)).content_id("logo");
    let picture = picture.content_disposition(AttachmentContentDisposition::Inline).build().unwrap();
    let name = format!("facture-{}.pdf", "0".repeat(80));
    let invoice = file(&name, "application/pdf", vec![b'%'; 12_345]).build().unwrap();
    let html = "<h1>Votre facture</h1><p><img src=\"cid:logo\" alt=\"La Ruche\"></p>";
    let message = Message::builder()
        .subject(part("Votre facture à 10 €"))
        .body(Body::builder().html(part(html)).text(part("Votre facture")).build())
        .attachments(picture)
        .attachments(invoice);
    let send = shop.stack.services().sesv2.send_email().from_email_address("\"La Ruche\" <bonjour@ruche.example>");
    let send = send.destination(Destination::builder().to_addresses("zoe@example.com").build());
    send.content(EmailContent::builder().simple(message.build()).build()).send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_shows_the_files_that_came_with_a_mail() {
    let Some(chromium) = Chromium::start().await else { return };
    let shop = Shop::open().await;
    mail_with_files(&shop).await;
    let tab = chromium.tab().await;
    tab.open(&shop.at("/local/mailbox")).await;
    tab.says("2 files").await;
    tab.follow(tab.click(".mails a")).await;
    tab.says("application/pdf, 13 kB").await;
    tab.shoot("mail-files").await;
    let saved = "async () => Promise.all([...document.querySelectorAll('.files a')].map(async link => {
        const answer = await fetch(link.href);
        const header = name => answer.headers.get(name).split(';')[0];
        return [header('content-disposition'), header('x-content-type-options'), (await answer.blob()).size];
    }))";
    let saved = tab.run(saved).await;
    assert_eq!(saved, json!([["attachment", "nosniff", png(64, 48).len()], ["attachment", "nosniff", 12_345]]));
    shop.assert_quiet(&tab);
    chromium.stop().await;
}
