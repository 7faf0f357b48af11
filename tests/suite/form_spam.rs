//! What is suspected is kept aside for thirty days, whatever it is suspected for, and its sender is
//! told what everybody is.

use jiff::SignedDuration;
use serde_json::json;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask};
use crate::requests::posted;

const MESSAGE: (&str, &str) = ("message", "Bonjour");

/// The answer but for the receipt, so that answers can be compared.
fn without_receipt(answer: &Answer) -> (u16, String, Option<String>) {
    let location = answer.headers.get("location").map(|location| location.to_str().unwrap().to_owned());
    let receipt = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
    let receipt = receipt.map(|body| body["receipt"].as_str().unwrap().to_owned()).unwrap_or_default();
    (answer.status, answer.text().replace(&receipt, ""), location)
}

/// Why what was sent is suspected, in order.
async fn suspicions(app: &TestApp) -> Vec<String> {
    app.items("quarantined").await.iter().map(|item| text(item, "suspicion")).collect()
}

#[tokio::test]
async fn what_looks_like_junk_is_kept_aside_and_answered_like_everything_else() {
    let app = TestApp::start().await;
    let links = "https://a.example https://b.example https://c.example https://d.example";
    for accept in ["text/html", "application/json"] {
        let ask = |fields: &[(&str, &str)]| posted("contact").form(fields).header("accept", accept);
        let honest = app.send(ask(&[("email", "a@example.com"), MESSAGE]).from(app.somebody())).await;
        for (fields, why) in [
            ([("email", "b@example.com"), ("_gotcha", "x")], "honeypot"),
            ([("email", "b@example.com"), ("bot-field", "x")], "honeypot"),
            ([("email", "b@example.com"), ("_stamp", "2026-11-22")], "forged_stamp"),
            ([("email", "b@yopmail.com"), MESSAGE], "disposable_address"),
            ([("email", "b@example.com"), ("message", "[url=https://x.example]x[/url]")], "markup"),
            ([("email", "b@example.com"), ("message", links)], "links"),
        ] {
            let before = suspicions(&app).await;
            let answer =
                app.send(ask(&[&fields[..], &[("again", accept), ("case", why)]].concat()).from(app.somebody())).await;
            assert_eq!(without_receipt(&answer), without_receipt(&honest), "{why}");
            let mut after = suspicions(&app).await;
            for seen in before {
                after.remove(after.iter().position(|suspicion| *suspicion == seen).unwrap());
            }
            assert_eq!(after, [why]);
        }
    }
    app.drain().await;
    assert_eq!(app.items("customer").await.len(), 1);
    assert!(app.subjects("b@example.com").is_empty() && app.subjects("b@yopmail.com").is_empty());
    let kept = app.items("quarantined").await;
    let ends = kept.iter().map(|item| text(item, "expires_at").parse::<jiff::Timestamp>().unwrap());
    let thirty_days = app.stack.clock().now() + SignedDuration::from_hours(30 * 24 - 1);
    assert!(ends.min().unwrap() > thirty_days);
    assert!(kept.iter().all(|item| !item["fields"].as_m().unwrap().contains_key("_gotcha")));
}

/// The value that the script gives a page for `_stamp`.
async fn stamp(app: &TestApp) -> String {
    let script = app.send(Ask::get("/f/contact/script.js")).await.expect(200).text();
    let (_, rest) = script.split_once("var stamp = \"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_form_filled_in_within_three_seconds_is_suspected_where_the_script_is() {
    let app = TestApp::still().await;
    let stamp = stamp(&app).await;
    let send = async |message: &str| {
        let fields = [("email", "zoe@example.com"), ("message", message), ("_stamp", &*stamp)];
        app.submit_form("contact", &fields).await.expect(303);
    };
    send("Aussitôt").await;
    assert_eq!(suspicions(&app).await, ["too_fast"]);
    app.pass(SignedDuration::from_secs(3)).await;
    send("Trois secondes après").await;
    app.pass(SignedDuration::from_hours(49)).await;
    send("Deux jours après").await;
    assert_eq!((app.items("submission").await.len(), suspicions(&app).await.len()), (2, 1));
}

#[tokio::test]
async fn the_script_is_for_pages_of_others_and_never_kept() {
    let app = TestApp::start().await;
    let script = app.send(Ask::get("/f/contact/script.js").header("origin", "https://www.ruche.example")).await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(script.header("cache-control"), "no-store");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    assert!(script.headers.get("set-cookie").is_none());
    let text = script.expect(200).text();
    assert!(!text.contains("{{") && text.len() < 4_000, "{}", text.len());
    app.send(Ask::get("/f/nowhere/script.js")).await.expect(404);
    let preflight = Ask::new(http::Method::OPTIONS, "/f/contact").header("origin", "https://www.ruche.example");
    let allowed = app.send(preflight).await.expect(204).header("access-control-allow-headers").to_owned();
    assert!(allowed.contains("idempotency-key"), "{allowed}");
}

#[tokio::test]
async fn nobody_is_mailed_more_than_three_times_a_day_because_of_a_form() {
    let app = TestApp::start().await;
    app.set_form("contact", |form| form.double_opt_in = true).await;
    let send = async |number: u32| {
        let message = format!("Message {number}");
        let fields = [("email", "zoe@example.com"), ("message", &*message), ("marketing_email", "on")];
        app.submit_form("contact", &fields).await.expect(303);
    };
    for number in 0..6 {
        send(number).await;
    }
    let kinds = async || {
        let mut kinds: Vec<String> =
            app.messages().await.iter().map(|message| message.split(' ').next().unwrap().to_owned()).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds().await, ["confirm_consent", "confirm_consent", "welcome"]);
    assert_eq!(app.items("submission").await.len(), 6, "what is sent is kept all the same");
    // A day of UTC, whatever the shop's.
    app.move_clock("2026-11-23T00:30:00+01:00").await;
    send(7).await;
    assert_eq!(kinds().await.len(), 3);
    app.move_clock("2026-11-23T01:00:01+01:00").await;
    for number in 8..13 {
        send(number).await;
    }
    assert_eq!(kinds().await.len(), 6);
    let other = [("email", "ana@example.com"), ("marketing_email", "on")];
    app.submit_form("contact", &other).await.expect(303);
    assert_eq!(kinds().await.len(), 8);
}

#[tokio::test]
async fn what_site_builders_send_becomes_a_customer() {
    let app = TestApp::start().await;
    let none = crate::golden::Values::default();
    for (event, name, email) in [
        ("forms/submit-contact-form-7", "Élodie Lefèvre", "elodie@example.org"),
        ("forms/submit-webflow", "Ana Silva", "ana.silva@example.org"),
        ("forms/submit-netlify", "Per Holm", "per@example.org"),
        ("forms/submit-formspree", "Ida Berg", "ida@example.org"),
        ("forms/submit-flat-json", "Noa Roth", "noa@example.org"),
    ] {
        let answer = app.golden(event, &none).await;
        assert!(matches!(answer.status, 200 | 303), "{event}: {}", answer.text());
        let customers = app.items("customer").await;
        let customer = customers.iter().find(|customer| text(customer, "email") == email).expect(event);
        let card = customer["card"].as_m().unwrap();
        assert_eq!(text(card, "name"), name, "{event}");
    }
    let consents = app.items("consent").await;
    assert_eq!(consents.len(), 2, "of Webflow's box and of the JSON one");
    let location = app.golden("forms/submit-formspree", &none).await.header("location").to_owned();
    assert_eq!(location, "https://www.ruche.example/merci?success=1");
    let message = |item: &crate::app::Item| text(item["card"].as_m().unwrap(), "preview");
    let mut previews: Vec<String> = app.items("submission").await.iter().map(message).collect();
    previews.sort();
    assert_eq!(json!(previews), json!(["", "En avez-vous encore ?", "Guten Tag", "Hej", "Olá"]));
}
