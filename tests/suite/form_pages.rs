//! The pages that a visitor without script sees of us, and what a script may read in their place.

use insta::assert_snapshot;

use crate::app::{TestApp, text};
use crate::ask::Ask;
use crate::path::markup;
use crate::redaction::redacted;
use crate::requests::posted;

const LANGUAGES: [&str; 2] = ["fr", "en"];

#[tokio::test]
async fn every_answer_to_a_page_is_a_page_in_the_visitors_language() {
    let app = TestApp::start().await;
    let _redacted = redacted().bind_to_scope();
    app.set_form("contact", |form| form.limits.per_address_per_minute = 1).await;
    for language in LANGUAGES {
        let post = |form: &str, fields: &[(&str, &str)]| {
            let ask = Ask::post(format!("/f/{form}")).form(fields).header("accept", "text/html");
            ask.header("accept-language", language)
        };
        let wrong = app.send(post("contact", &[("your-email", "zoe"), ("your-name", "Zoé")])).await.expect(422);
        assert_snapshot!(format!("form_to_correct_{language}"), markup(&wrong.text()));
        let unknown = app.send(post("gone", &[("email", "zoe@example.com")])).await.expect(404);
        assert_snapshot!(format!("form_unknown_{language}"), markup(&unknown.text()));
        let somebody = app.somebody();
        let fields = |text| [("email", "zoe@example.com"), ("message", text)];
        let sent = app.send(post("contact", &fields(language)).from(somebody)).await.expect(303);
        let thanks = app.send(Ask::get(sent.header("location"))).await.expect(200);
        assert_snapshot!(format!("form_thanks_{language}"), markup(&thanks.text()));
        let wait = app.send(post("contact", &fields("Encore")).from(somebody)).await.expect(429);
        assert!(wait.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
        assert!(wait.header("content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn what_fails_inside_is_a_page_too_and_says_what_to_quote() {
    let app = TestApp::calm().await;
    let ask = posted("contact").form(&[("email", "zoe@example.com")]).header("accept", "text/html");
    for _ in 0..3 {
        app.stack.faults().nth_attempt(1, local::faults::Fault::Unreachable, local::faults::Operation::TransactWrite);
    }
    let answer = app.send_once(&ask).await.expect(503);
    assert!(answer.header("content-type").starts_with("text/html") && !answer.header("retry-after").is_empty());
    app.send(ask).await.expect(303);
}

#[tokio::test]
async fn a_script_may_read_how_long_to_wait() {
    let app = TestApp::start().await;
    let ask = posted("contact").form(&[("email", "zoe@example.com")]).header("origin", "https://shop.example");
    let answer = app.send(ask.header("accept", "application/json")).await.expect(200);
    assert_eq!(answer.header("access-control-expose-headers"), "retry-after");
}

#[tokio::test]
async fn the_script_says_where_the_form_is_and_is_believed_of_its_site() {
    let app = TestApp::start().await;
    for (said, kept) in [
        ("https://www.ruche.example/contact", "https://www.ruche.example/contact"),
        ("https://evil.example/contact", "https://www.ruche.example/"),
        ("contact", "https://www.ruche.example/"),
    ] {
        let fields = [("email", "zoe@example.com"), ("message", said), ("_page", said)];
        // As browsers do by themselves: another site learns no more than this.
        let ask = Ask::post("/f/contact").form(&fields).header("referer", "https://www.ruche.example/");
        app.send(ask.header("accept", "text/html").from(app.somebody())).await.expect(303);
        let submissions = app.items("submission").await;
        let newest = submissions.iter().max_by_key(|item| text(item, "id")).unwrap();
        assert_eq!(text(newest, "page"), kept, "{said}");
    }
}

#[tokio::test]
async fn a_name_is_made_of_whichever_parts_there_are() {
    let app = TestApp::start().await;
    for (number, fields) in [
        [("name", "Zoé"), ("surname", "Dupont")],
        [("prenom", "Zoé"), ("nom", "Dupont")],
        [("first_name", "Zoé"), ("last_name", "Dupont")],
        [("your-name", "Zoé Dupont"), ("company", "Ruche")],
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("zoe{number}@example.com");
        app.submit_form("contact", &[&[("email", &*email)], &fields[..]].concat()).await.expect(303);
    }
    for record in app.items("customer").await {
        assert_eq!(text(record["name"].as_m().unwrap(), "full"), "Zoé Dupont");
    }
    let refused =
        app.submit_form("contact", &[("email", "a@example.com"), ("prenom", "Zoé"), ("nom", "a\u{0}b")]).await;
    assert!(refused.expect(422).text().contains("Nom"));
}
