//! What the shop is mailed of its forms: everything as it was sent, in its own language, with answers
//! going to the visitor.

use crate::app::{TestApp, text};
use crate::ask::OWNER;

const TEAM: &str = "equipe@ruche.example";

async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.new_form("devis", |form| {
        form.notify = TEAM.parse().ok();
        form.welcome = false;
    })
    .await;
    app
}

const FIELDS: [(&str, &str); 5] = [
    ("your-name", "Zoé Dupont"),
    ("your-email", "Zoe@Café.example"),
    ("message", "Bonjour,\r\nun devis ? <script>"),
    ("notre_budget", "500 €"),
    ("_next", "/merci"),
];

#[tokio::test]
async fn a_submission_is_told_as_it_was_sent() {
    let app = app().await;
    app.submit_form("devis", &FIELDS).await.expect(303);
    app.drain().await;
    let [mail] = &app.mails()[..] else { panic!("one mail") };
    assert_eq!(
        (&mail.to[..], &mail.reply_to[..]),
        (&[TEAM.to_owned()][..], &["Zoe@xn--caf-dma.example".to_owned()][..])
    );
    assert_eq!(mail.subject, "Nouveau message par le formulaire «\u{202f}Contact\u{202f}»");
    let text = mail.text.as_ref().unwrap();
    for said in
        ["Nom\n> Zoé Dupont", "> Zoe@Café.example", "> Bonjour,\n> un devis ? <script>", "notre budget\n> 500 €"]
    {
        assert!(text.contains(said), "{said} in {text}");
    }
    // Who it is and what they write come before what only the page understands.
    let places = ["Nom\n", "Adresse e-mail\n", "Message\n", "notre budget\n"].map(|label| text.find(label).unwrap());
    assert!(places.is_sorted(), "{text}");
    assert!(!text.contains("/merci") && !mail.html.as_ref().unwrap().contains("<script"));
    assert!(!mail.headers.contains_key("List-Unsubscribe"));
    assert_eq!(app.messages().await, ["submission_notice sent"]);
}

#[tokio::test]
async fn the_shop_reads_its_own_language_whatever_the_visitor_speaks() {
    let app = app().await;
    app.set(|settings| settings.languages.reverse()).await;
    app.submit_form("devis", &FIELDS).await.expect(303);
    app.drain().await;
    // A claim that the store did not let go of ends by itself.
    app.pass(jiff::SignedDuration::from_mins(3)).await;
    assert!(app.subjects(TEAM)[0].starts_with("New message"), "{:?}", app.subjects(TEAM));
}

#[tokio::test]
async fn whoever_wanted_to_be_deleted_before_the_mail_left_is_told_of_by_nothing_but_that() {
    let app = app().await;
    let [zoe, other] = ["zoe@example.com", "zoe@gmail.example"].map(|email| [("name", "Zoé"), ("email", email)]);
    app.submit_form("devis", &zoe).await.expect(303);
    let zoe = text(&app.items("customer").await[0], "id");
    app.submit_form("devis", &other).await.expect(303);
    let mut all = app.items("customer").await.into_iter().map(|item| text(&item, "id"));
    let other = all.rfind(|id| *id != zoe).unwrap();
    app.merge(OWNER, &zoe, &other).await.expect(202);
    app.post_preferences(&zoe, "/deletion", &[]).await.expect(200);
    app.drain().await;
    let mut messages = app.messages().await;
    messages.sort();
    let skipped = "submission_notice skipped subject_gone";
    assert_eq!(messages, ["notice sent", skipped, skipped]);
    assert!(app.subjects(TEAM).is_empty());
}

#[tokio::test]
async fn what_is_gone_meanwhile_is_told_to_nobody() {
    for gone in ["form", "address", "customer"] {
        let app = app().await;
        app.submit_form("devis", &FIELDS).await.expect(303);
        let functions = app.functions();
        let form = functions.table.form(&"main".parse().unwrap(), &"devis".parse().unwrap()).await.unwrap().unwrap();
        let mut changed = form.clone();
        changed.version += 1;
        match gone {
            "form" => changed.deleted_at = Some(functions.clock.now()),
            "address" => changed.notify = None,
            _ => {
                let id = text(&app.items("customer").await[0], "id");
                app.erase(OWNER, &id, "Zoé Dupont").await.expect(202);
            }
        }
        if gone != "customer" {
            app.write(|transaction| {
                transaction.replace_form(&changed).unwrap();
            })
            .await;
        }
        app.drain().await;
        assert_eq!(
            (app.mails().len(), app.messages().await),
            (0, vec!["submission_notice skipped subject_gone".to_owned()])
        );
    }
}
