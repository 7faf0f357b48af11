//! Forms as staff make and settle them, and what the settings do to whoever sends them.

use futures::future::join_all;
use serde_json::{Value, json};
use shared::domain::Form;

use crate::app::{TestApp, text};
use crate::ask::{Answer, Ask, MANAGER, OWNER, SELLER, STRANGER, VIEWER};
use crate::bad_input::refused;

const WORDS: &str = "J’accepte de recevoir les offres « miel » & cie.";

fn everything() -> Value {
    json!({
        "name": "Salon du miel", "origins": ["https://www.ruche.example"], "redirect": "/merci",
        "mapping": { "champ-3": "phone", "champ-4": "company" },
        "marketing_consent": { "version": "2026-11", "texts": { "fr": WORDS } },
        "double_opt_in": false, "tags": ["VIP", "Salon d’automne"], "temperature": "warm",
        "notify": "bonjour@ruche.example", "welcome": false,
        "limits": { "per_address_per_minute": 7, "per_form_per_minute": 70 },
    })
}

/// A form with everything set.
async fn form(app: &TestApp) -> Value {
    app.create_form(MANAGER, &everything()).await.expect(201).json()
}

#[tokio::test]
async fn a_form_does_to_whoever_sends_it_what_staff_said() {
    let app = TestApp::start().await;
    let made = app.create_form(MANAGER, &everything()).await.expect(201);
    let form = made.json();
    let id = form["id"].as_str().unwrap();
    assert!(id.starts_with("salon-du-miel-") && id.len() == 22, "{id}");
    assert_eq!(form["url"], format!("{}/f/{id}", app.stack.base_url()));
    assert_eq!(made.header("location"), format!("/v1/forms/{id}"));
    for (name, value) in everything().as_object().unwrap() {
        let expected = if name == "tags" { json!(["Salon d’automne", "vip"]) } else { value.clone() };
        assert_eq!(form[name], expected, "{name}");
    }
    assert_eq!(app.get_form(SELLER, id).await.expect(200).json(), form);

    let fields = [
        ("email", "zoe@example.com"),
        ("champ-3", "06 12 34 56 78"),
        ("champ-4", "Ruche"),
        ("newsletter", "on"),
        ("language", "fr"),
    ];
    app.submit_form(id, &fields).await.expect(303);
    app.drain().await;
    let customer = text(&app.items("customer").await[0], "id");
    let record = app.get_customer(OWNER, &customer).await.expect(200).json();
    assert_eq!((&record["phone_e164"], &record["company"]), (&json!("+33612345678"), &json!("Ruche")));
    assert_eq!((&record["temperature"], &record["source"]["form"]), (&json!("warm"), &json!(id)));
    let tags: Vec<&Value> = record["tags"].as_array().unwrap().iter().map(|tag| &tag["tag"]).collect();
    assert_eq!(tags, [&json!("salon_d_automne"), &json!("vip")]);
    let evidence = app.items("consent").await;
    assert_eq!((text(&evidence[0], "text"), text(&evidence[0], "version")), (WORDS.to_owned(), "2026-11".to_owned()));
    assert!(app.subjects("zoe@example.com").is_empty(), "no welcome was asked for");
    let tags = app.send(Ask::get("/v1/tags").by(SELLER)).await.expect(200).text();
    assert!(tags.contains("Salon d’automne"), "{tags}");
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let app = TestApp::start().await;
    let before = form(&app).await;
    let id = before["id"].as_str().unwrap();
    let patch = json!({
        "mapping": { "champ-4": null, "champ-5": "birthday" }, "limits": { "per_address_per_minute": 9 },
        "marketing_consent": { "version": "2026-12", "texts": { "en": "Yes" } }, "redirect": null, "tags": ["Local"],
    });
    let after = app.change_form(MANAGER, id, &patch).await.expect(200);
    assert_eq!(after.header("etag"), "\"2\"");
    let mut expected = before.clone();
    expected["version"] = json!(2);
    expected["mapping"] = json!({ "champ-3": "phone", "champ-5": "birthday" });
    expected["limits"]["per_address_per_minute"] = json!(9);
    expected["marketing_consent"] = json!({ "version": "2026-12", "texts": { "fr": WORDS, "en": "Yes" } });
    expected["redirect"] = Value::Null;
    expected["tags"] = json!(["local"]);
    let mut after = after.json();
    for changed in ["snippets", "updated_at"] {
        expected[changed] = after[changed].take();
        after[changed] = expected[changed].clone();
    }
    assert_eq!(after, expected);
    // Null clears; what always has a value goes back to what a new form has.
    let cleared = json!({ "marketing_consent": null, "limits": null, "mapping": null, "origins": null, "tags": null,
        "temperature": null, "notify": null });
    let after = app.change_form(OWNER, id, &cleared).await.expect(200).json();
    assert_eq!(after["limits"], json!({ "per_address_per_minute": 5, "per_form_per_minute": 60 }));
    assert_eq!((&after["mapping"], &after["origins"], &after["tags"]), (&json!({}), &json!([]), &json!([])));
    assert_eq!((&after["marketing_consent"], &after["notify"]), (&Value::Null, &Value::Null));
    // What is shown may be sent back.
    let shown = app.get_form(OWNER, id).await.expect(200).json();
    let fields = everything();
    let again: serde_json::Map<String, Value> =
        fields.as_object().unwrap().keys().map(|name| (name.clone(), shown[name].clone())).collect();
    let same = app.change_form(OWNER, id, &Value::Object(again)).await.expect(200).json();
    assert!(fields.as_object().unwrap().keys().all(|name| same[name] == shown[name]), "{same}");
}

#[tokio::test]
async fn a_form_is_changed_and_deleted_in_the_version_that_was_read() {
    let app = TestApp::start().await;
    let id = form(&app).await["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/forms/{id}");
    let change = |etag: &str| Ask::patch(&path).header("if-match", etag).json(&json!({ "name": "Autre" }));
    app.send(change("\"1\"").by(MANAGER)).await.expect(200);
    let delete = |etag: &str| Ask::new(http::Method::DELETE, &path).header("if-match", etag);
    let without = [Ask::patch(&path).json(&json!({})), Ask::new(http::Method::DELETE, &path)].map(|ask| (ask, 428));
    refused(&app, [vec![(change("\"1\""), 412), (delete("\"1\""), 412)], without.into()].concat()).await;
    let racing = join_all((0..5).map(|_| app.send(change("\"2\"").by(OWNER)))).await;
    let won = racing.iter().filter(|answer| answer.status == 200).count();
    assert!(won == 1 && racing.iter().all(|answer| matches!(answer.status, 200 | 412)));
    app.send(delete("\"3\"").by(MANAGER)).await.expect(204);
    app.delete_form(MANAGER, &id).await.expect(404);
    app.get_form(MANAGER, &id).await.expect(404);
    app.change_form(MANAGER, &id, &json!({})).await.expect(404);
}

#[tokio::test]
async fn a_deleted_form_receives_nothing_and_its_submissions_stay() {
    let app = TestApp::start().await;
    let id = form(&app).await["id"].as_str().unwrap().to_owned();
    app.submit_form(&id, &[("email", "zoe@example.com"), ("name", "Zoé")]).await.expect(303);
    let junk = app.submit_junk(&id, "ana@example.com").await;
    app.delete_form(MANAGER, &id).await.expect(204);
    app.settle().await;
    app.submit_form(&id, &[("email", "bob@example.com")]).await.expect(404);
    assert!(!ids(&app, "limit=100").await.contains(&id));
    let listed = app.list_submissions(OWNER, &format!("form={id}")).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.restore_submission(MANAGER, &junk).await.expect(200).json()["state"], "received");
}

/// The ids of the shop's forms, page by page.
async fn ids(app: &TestApp, query: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.send(Ask::get(format!("/v1/forms?{query}{cursor}")).by(SELLER)).await.expect(200).json();
        ids.extend(page["items"].as_array().unwrap().iter().map(|form| form["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

#[tokio::test]
async fn forms_are_listed_once_each_and_deleted_ones_not() {
    let app = TestApp::start().await;
    let mut expected = vec!["contact".to_owned()];
    for number in 0..6 {
        let name = json!({ "name": format!("Salon {number}") });
        let id = app.create_form(OWNER, &name).await.expect(201).id();
        if number % 2 == 0 {
            app.delete_form(OWNER, &id).await.expect(204);
        } else {
            expected.push(id);
        }
    }
    for limit in [1, 2, 3, 25] {
        assert_eq!(ids(&app, &format!("limit={limit}")).await, expected, "{limit} a page");
    }
    app.send(Ask::get("/v1/forms").by(VIEWER)).await.expect(403);
}

#[tokio::test]
async fn a_shop_has_a_hundred_forms_and_a_deletion_makes_room() {
    let app = TestApp::calm().await;
    let create = async |name: String| app.create_form(OWNER, &json!({ "name": name })).await;
    let mut last = String::new();
    // One is there from the beginning.
    for number in 1..Form::MOST - 2 {
        last = create(format!("Salon {number}")).await.expect(201).id();
    }
    let racing: Vec<Answer> = join_all((0..6).map(|number| create(format!("Foire {number}")))).await;
    let (made, others): (Vec<_>, Vec<_>) = racing.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 2);
    for answer in others {
        assert_eq!(answer.expect(409).json()["type"], "urn:clientele:problem:too-many-forms");
    }
    app.delete_form(OWNER, &last).await.expect(204);
    create("Encore".to_owned()).await.expect(201);
    create("Encore".to_owned()).await.expect(409);
}

#[tokio::test]
async fn a_creation_repeated_under_its_key_makes_one_form() {
    let app = TestApp::start().await;
    let create = Ask::post("/v1/forms").by(MANAGER).once().json(&json!({ "name": "Salon" }));
    let answers = join_all((0..5).map(|_| app.send(create.clone()))).await;
    let first = app.send(create.clone()).await.expect(201);
    assert!(answers.into_iter().all(|answer| answer.expect(201).text() == first.text()));
    assert_eq!(ids(&app, "").await.len(), 2);
    app.send(Ask { body: "{\"name\":\"Foire\"}".into(), ..create }).await.expect(422);
}

#[tokio::test]
async fn another_shops_form_is_no_form() {
    let app = TestApp::start().await;
    let id = form(&app).await["id"].as_str().unwrap().to_owned();
    app.settle().await;
    for form in [id.as_str(), "contact", "nobody"] {
        app.get_form(STRANGER, form).await.expect(404);
        app.change_form(STRANGER, form, &json!({ "name": "Mien" })).await.expect(404);
        app.delete_form(STRANGER, form).await.expect(404);
        app.list_submissions(STRANGER, &format!("form={form}")).await.expect(404);
    }
    let theirs = app.send(Ask::get("/v1/forms").by(STRANGER)).await.expect(200).json();
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_snippet_holds_the_exact_words_and_what_they_are_kept_by() {
    let app = TestApp::start().await;
    let form = form(&app).await;
    let french = form["snippets"]["fr"].as_str().unwrap();
    let url = form["url"].as_str().unwrap();
    assert!(french.starts_with(&format!("<form action=\"{url}\" method=\"post\"")), "{french}");
    for part in [
        "J’accepte de recevoir les offres « miel » &amp; cie.</label>",
        "name=\"marketing_email\" value=\"on\"",
        "name=\"_gotcha\" tabindex=\"-1\" autocomplete=\"off\"",
        "type=\"hidden\" name=\"language\" value=\"fr\"",
        "type=\"email\" name=\"email\"",
    ] {
        assert!(french.contains(part), "{part}: {french}");
    }
    assert!(!french.contains("<script") && form["snippets"]["en"].as_str().unwrap().contains("E-mail address"));
    let plain = app.create_form(OWNER, &json!({ "name": "Sans" })).await.expect(201).json();
    assert!(!plain["snippets"]["fr"].as_str().unwrap().contains("checkbox"));
}

#[tokio::test]
async fn what_no_form_can_be_is_refused() {
    let app = TestApp::start().await;
    let many: Vec<String> = (0..10).map(|number| format!("t{number}")).collect();
    let sites: Vec<String> = (0..21).map(|number| format!("https://{number}.example")).collect();
    let mapped: Value =
        (0..101).map(|number| (format!("f{number}"), json!("answer"))).collect::<serde_json::Map<_, _>>().into();
    let cases = [
        (json!({ "name": null }), "/name"),
        (json!({ "origins": ["https://ruche.example/contact"] }), "/origins"),
        (json!({ "origins": "https://ruche.example" }), "/origins"),
        (json!({ "origins": sites }), "/origins"),
        (json!({ "redirect": "//evil.example" }), "/redirect"),
        (json!({ "redirect": "javascript:alert(1)" }), "/redirect"),
        (json!({ "mapping": { "champ": "adress" } }), "/mapping/champ"),
        (json!({ "mapping": { "a/b": 1 } }), "/mapping/a~1b"),
        (json!({ "mapping": { " ": "email" } }), "/mapping/ "),
        (json!({ "mapping": mapped }), "/mapping"),
        (json!({ "marketing_consent": { "texts": { "fr": "Oui" } } }), "/marketing_consent/version"),
        (json!({ "marketing_consent": { "version": "1" } }), "/marketing_consent/texts"),
        (json!({ "marketing_consent": { "version": "1", "texts": {} } }), "/marketing_consent/texts"),
        (json!({ "marketing_consent": { "version": "1", "texts": { "fr": "" } } }), "/marketing_consent/texts/fr"),
        (json!({ "marketing_consent": { "version": "1", "texts": { "de": "Ja" } } }), "/marketing_consent/texts/de"),
        (json!({ "double_opt_in": "maybe" }), "/double_opt_in"),
        (json!({ "tags": many }), "/tags"),
        (json!({ "tags": ["--"] }), "/tags"),
        (json!({ "temperature": "boiling" }), "/temperature"),
        (json!({ "notify": "nobody" }), "/notify"),
        (json!({ "limits": { "per_address_per_minute": 0 } }), "/limits/per_address_per_minute"),
        (json!({ "limits": { "per_form_per_minute": 10_001 } }), "/limits/per_form_per_minute"),
        (json!({ "limits": { "per_form_per_minute": 1.5 } }), "/limits/per_form_per_minute"),
        (json!({ "limits": { "per_hour": 1 } }), "/limits/per_hour"),
        (json!({ "id": "mine" }), "/id"),
        (json!({ "deleted_at": "2026-11-22T09:00:00Z" }), "/deleted_at"),
    ];
    let patch = |body: &Value| Ask::patch("/v1/forms/contact").header("if-match", "*").json(body);
    let (all, one): (Vec<_>, Vec<_>) = cases.iter().map(|(body, pointer)| ((patch(body), 422), *pointer)).unzip();
    // The contact form has words already: what is not named stays.
    let stays = ["/marketing_consent/version", "/marketing_consent/texts"];
    for ((ask, status), pointer) in all.into_iter().zip(one) {
        let body: Value = serde_json::from_slice(&ask.body).unwrap();
        let create = Ask::post("/v1/forms").json(&body);
        let answers = match stays.contains(&pointer) {
            true => refused(&app, vec![(create, 422)]).await,
            false => refused(&app, vec![(ask, status), (create, 422)]).await,
        };
        assert!(answers.iter().all(|answer| answer.pointers().contains(&pointer.to_owned())), "{pointer}");
        assert!(answers.iter().all(|answer| answer.pointers().len() <= 2), "{pointer}");
    }
}
