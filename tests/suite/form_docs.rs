//! What `docs/forms.md` tells whoever builds a website is so: its snippets are sent, its names mean
//! what it says.

use std::collections::BTreeMap;

use shared::domain::{Form, FormField};
use shared::intake::meaning;

use crate::app::{TestApp, text};
use crate::ask::Ask;
use crate::golden::root;

/// Where the document's forms go.
pub const DOCUMENTED: &str = "https://api.example.com/f/contact";

/// The document.
pub fn document() -> String {
    std::fs::read_to_string(root().join("docs/forms.md")).unwrap()
}

/// Its snippets in `language`, in order.
pub fn snippets(language: &str) -> Vec<String> {
    let document = document();
    let fence = format!("```{language}\n");
    document.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A form of which staff have said nothing.
fn plain_form() -> Form {
    let name = "Contact".parse().unwrap();
    Form::new("main".parse().unwrap(), "contact".parse().unwrap(), name, jiff::Timestamp::UNIX_EPOCH)
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}

/// The fields of a form, as a visitor `number` fills them in.
fn filled_in(html: &str, number: usize) -> Vec<(String, String)> {
    let tags = html.split('<').filter(|tag| ["input", "textarea", "select"].iter().any(|kind| tag.starts_with(kind)));
    let form = plain_form();
    let field = |tag: &str| {
        let name = attribute(tag, "name")?;
        let value = match meaning(&form, &name) {
            FormField::Email => format!("visitor{number}@example.com"),
            FormField::Name | FormField::GivenName | FormField::FamilyName => "Zoé".to_owned(),
            _ if name.starts_with('_') || name == "bot-field" => attribute(tag, "value").unwrap_or_default(),
            _ => attribute(tag, "value").unwrap_or("on".to_owned()),
        };
        Some((name, value))
    };
    tags.filter_map(field).collect()
}

#[tokio::test]
async fn every_form_of_the_document_makes_a_customer() {
    let app = TestApp::start().await;
    let snippets = snippets("html");
    assert!(snippets.len() >= 6);
    for (number, html) in snippets.iter().enumerate() {
        let form = html.split('<').find(|tag| tag.starts_with("form ")).expect(html);
        assert_eq!(attribute(form, "action").as_deref(), Some(DOCUMENTED));
        assert_eq!(attribute(form, "method").map(|method| method.to_lowercase()).as_deref(), Some("post"));
        let fields = filled_in(html, number);
        let ask = Ask::post("/f/contact").header("origin", "https://www.ruche.example").header("accept-language", "en");
        let ask = ask.from(app.somebody());
        let ask = if attribute(form, "enctype").as_deref() == Some("multipart/form-data") {
            let part = |(name, value): &(String, String)| {
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            let parts: String = fields.iter().map(part).collect();
            ask.body("multipart/form-data; boundary=x", format!("{parts}--x--\r\n"))
        } else {
            ask.form(&fields.iter().map(|(name, value)| (&**name, &**value)).collect::<Vec<_>>())
        };
        let answer = app.send(ask).await.expect(303);
        let next = fields.iter().any(|(name, _)| name == "_next");
        let location = if next { "https://www.ruche.example/thank-you?success=1" } else { "/f/contact/thanks?lang=en" };
        assert_eq!(answer.header("location"), location, "{html}");
        let customers = app.items("customer").await;
        let email = format!("visitor{number}@example.com");
        assert!(customers.iter().any(|customer| text(customer, "email") == email), "{html}");
    }
    assert!(app.items("quarantined").await.is_empty());
}

/// The rows of the document's tables, cell by cell.
fn rows(document: &str) -> Vec<Vec<&str>> {
    let lines = document.lines().filter(|line| line.starts_with("| "));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// What stands between backquotes.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn names_mean_what_the_document_says() {
    let document = document();
    let form = plain_form();
    let fields: BTreeMap<&str, FormField> = [
        ("address", FormField::Email),
        ("name", FormField::Name),
        ("given name", FormField::GivenName),
        ("family name", FormField::FamilyName),
        ("company", FormField::Company),
        ("telephone number", FormField::Phone),
        ("birthday", FormField::Birthday),
        ("language", FormField::Language),
        ("the box that agrees to offers by e-mail", FormField::MarketingEmail),
        ("message", FormField::Message),
    ]
    .into();
    let mut shown = 0;
    for row in rows(&document) {
        let Some(field) = row[0].split(',').next().and_then(|meaning| fields.get(meaning)) else { continue };
        for name in quoted(row[1]) {
            assert_eq!(meaning(&form, name), *field, "{name}");
        }
        shown += 1;
    }
    assert_eq!(shown, fields.len());
    for name in ["Prénom", "prenom", "your-prenom-2"] {
        assert_eq!(meaning(&form, name), FormField::GivenName);
    }
    let ours = rows(&document).into_iter().filter(|row| row[0].starts_with("`_"));
    let ours: Vec<String> = ours.flat_map(|row| quoted(row[0]).map(str::to_owned).collect::<Vec<_>>()).collect();
    for name in
        shared::intake::HONEYPOTS.iter().chain(&[shared::intake::STAMP, "_next", "_redirect", "_idempotency_key"])
    {
        assert!(ours.iter().any(|own| own == name) || document.contains(&format!("`{name}`")), "{name}");
    }
}
