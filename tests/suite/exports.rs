//! Exports: what they hold, of whom, in which form, and what becomes of a job.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

use calamine::{Reader, Xlsx};
use exports::Limits;
use flate2::read::MultiGzDecoder;
use jiff::SignedDuration;
use local::faults::{Fault, Trial};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::domain::{Customer, CustomerId, ExportFormat, ExportJob, ExportState, Name, Note, Source};
use shared::table::CustomerWrites;

use crate::app::{TestApp, text};
use crate::ask::{Answer, MANAGER, Member, OWNER, SELLER, STRANGER, VIEWER};
use crate::fault_table::the_whole_table;

/// Every so many calls a worker dies after or before one, in turn: an odd number, for both. At each where
/// the whole fault table is asked for.
fn killed_every() -> usize {
    if the_whole_table() { 1 } else { 5 }
}

/// The least that S3 takes as a part that is not the last.
const FIVE: usize = 5 * 1024 * 1024;

fn body(what: &str, format: &str) -> Value {
    json!({ "what": what, "format": format, "purpose": "Bilan de l’année" })
}

impl TestApp {
    /// Asks for an export, lets it be written, and shows its job.
    pub async fn export(&self, by: Member, body: &Value) -> Value {
        let id = self.request_export_of(by, body).await.expect(202).id();
        self.drain().await;
        self.get_export(by, &id).await.expect(200).json()
    }

    /// The bytes of the file of a job that is done.
    pub async fn exported(&self, job: &Value) -> Vec<u8> {
        assert_eq!(job["state"], "done", "{job}");
        let stands = self.job(job["id"].as_str().unwrap()).await;
        let ExportState::Done { object, .. } = stands.state else { panic!("{job}") };
        let services = self.stack.services();
        let file = services.s3.get_object().bucket(&services.export_bucket).key(object).send().await.unwrap();
        file.body.collect().await.unwrap().to_vec()
    }

    async fn job(&self, id: &str) -> ExportJob {
        self.functions().table.export(&"main".parse().unwrap(), id.parse().unwrap()).await.unwrap().unwrap()
    }
}

/// Rows of a CSV file, each by the names of its columns.
fn rows(file: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(file);
    reader.deserialize().map(Result::unwrap).collect()
}

fn column(rows: &[BTreeMap<String, String>], name: &str) -> Vec<String> {
    let mut values: Vec<String> = rows.iter().map(|row| row[name].clone()).collect();
    values.sort();
    values
}

/// Three customers, of whom one has ordered, one has notes, and one is blocked.
async fn furnished(app: &TestApp) -> [String; 3] {
    let zoe = app.customer(OWNER, "Zoé Dupont").await;
    let ana = app.customer(OWNER, "Ana Lima").await;
    let bad = app.customer(OWNER, "Tom Vidal").await;
    app.sale(SELLER, &zoe, 1799).await;
    app.create_note(OWNER, &ana, &json!({ "text": "Rappeler lundi" })).await.expect(201);
    let health = Member { role: "owner health", ..OWNER };
    app.create_note(health, &ana, &json!({ "text": "Allergie aux noix", "health": true })).await.expect(201);
    app.block(OWNER, &bad, "Impayés").await.expect(200);
    app.drain().await;
    [zoe, ana, bad]
}

#[tokio::test]
async fn everything_of_a_kind_is_a_row() {
    let app = TestApp::start().await;
    let [zoe, ana, bad] = furnished(&app).await;
    for (what, mut of) in [
        ("customers", vec![&zoe, &ana, &bad]),
        ("statistics", vec![&zoe, &ana, &bad]),
        ("orders", vec![&zoe]),
        ("order_lines", vec![&zoe]),
        ("notes", vec![&ana]),
        ("messages", vec![]),
        ("consents", vec![]),
    ] {
        let job = app.export(MANAGER, &body(what, "csv")).await;
        let rows = rows(&app.exported(&job).await);
        let id = if ["customers"].contains(&what) { "id" } else { "customer_id" };
        of.sort();
        assert_eq!(
            (column(&rows, id).iter().collect::<Vec<_>>(), &job["rows"]),
            (of.clone(), &json!(of.len())),
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_filter_and_columns_choose() {
    let app = TestApp::start().await;
    let [zoe, ..] = furnished(&app).await;
    let asked = json!({
        "what": "customers", "format": "csv", "purpose": "Bilan",
        "filter": { "status": "current" }, "columns": ["total", "email", "id"],
    });
    let job = app.export(OWNER, &asked).await;
    let file = String::from_utf8(app.exported(&job).await).unwrap();
    assert_eq!(file.lines().next(), Some("total,email,id"));
    assert_eq!(column(&rows(file.as_bytes()), "id"), [zoe]);
    assert_eq!(column(&rows(file.as_bytes()), "total"), ["17.99"]);
    assert_eq!((&job["filter"], &job["purpose"]), (&json!({ "status": "current" }), &json!("Bilan")));
}

#[tokio::test]
async fn what_is_delicate_is_in_no_file_unless_it_was_asked_for_by_somebody_who_may() {
    let app = TestApp::start().await;
    furnished(&app).await;
    let health = Member { role: "manager health", ..OWNER };
    for what in ["customers", "statistics", "orders", "order_lines", "notes", "messages", "consents"] {
        for format in ["csv", "csv_excel_fr", "json_lines"] {
            let file = app.exported(&app.export(health, &body(what, format)).await).await;
            let file = String::from_utf8(file).unwrap();
            assert!(!file.contains("noix") && !file.contains("Impayés"), "{what} {format}");
        }
    }
    let asked = json!({ "what": "notes", "format": "csv", "purpose": "Traiteur", "health": true });
    app.request_export_of(OWNER, &asked).await.expect(403);
    let job = app.export(health, &asked).await;
    assert!(String::from_utf8(app.exported(&job).await).unwrap().contains("noix") && job["url"].is_string());
    // Whoever may not see what is in it gets no link to it.
    let seen = app.get_export(OWNER, job["id"].as_str().unwrap()).await.expect(200).json();
    assert_eq!((&seen["state"], seen.get("url")), (&json!("done"), None));
    let asked =
        json!({ "what": "customers", "format": "csv", "purpose": "Impayés", "columns": ["name", "block_reason"] });
    let file = app.exported(&app.export(OWNER, &asked).await).await;
    assert!(String::from_utf8(file).unwrap().contains("Tom Vidal,Impayés"));
}

#[tokio::test]
async fn what_no_export_can_be_is_named() {
    let app = TestApp::calm().await;
    let why = |answer: Answer| {
        let errors = answer.expect(422).json()["errors"].as_array().cloned().unwrap();
        let said =
            |error: &Value| format!("{} {}", error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap());
        errors.iter().map(said).collect::<Vec<_>>()
    };
    let with = |more: Value| {
        let mut asked = body("customers", "csv");
        for (name, value) in more.as_object().unwrap() {
            asked[name] = value.clone();
        }
        asked
    };
    for (asked, expected) in [
        (json!({}), vec!["/what empty", "/format empty", "/purpose empty"]),
        (with(json!({ "purpose": " " })), vec!["/purpose empty"]),
        (with(json!({ "what": "orders", "format": "pdf" })), vec!["/format choice"]),
        (with(json!({ "format": "vcard", "columns": ["name"] })), vec!["/columns unknown_field"]),
        (with(json!({ "format": "xlsx", "gzip": true })), vec!["/gzip choice"]),
        (with(json!({ "health": true })), vec!["/health choice"]),
        (with(json!({ "columns": [] })), vec!["/columns empty"]),
        (with(json!({ "columns": ["name", "text", "name"] })), vec!["/columns/1 column", "/columns/2 choice"]),
        (
            with(json!({ "filter": { "status": "x", "month": 3 } })),
            vec!["/filter/status choice", "/filter/month unknown_field"],
        ),
        (with(json!({ "filter": { "birthday_month": 13 } })), vec!["/filter/birthday_month out_of_range"]),
    ] {
        assert_eq!(why(app.request_export_of(OWNER, &asked).await), expected, "{asked}");
    }
    let wrong = app.request_export_of(OWNER, &with(json!({ "columns": ["nom"] }))).await.expect(422).json();
    assert!(wrong["errors"][0]["detail"].as_str().unwrap().contains("given_name"), "{wrong}");
}

#[tokio::test]
async fn only_owner_and_manager_take_data_out() {
    let app = TestApp::calm().await;
    let id = app.request_export_of(OWNER, &body("customers", "csv")).await.expect(202).id();
    for by in [SELLER, VIEWER] {
        app.request_export_of(by, &body("customers", "csv")).await.expect(403);
        app.get_export(by, &id).await.expect(403);
        app.list_exports(by, "").await.expect(403);
        app.cancel_export(by, &id).await.expect(403);
    }
    app.get_export(STRANGER, &id).await.expect(404);
    app.cancel_export(STRANGER, &id).await.expect(404);
    assert_eq!(app.list_exports(STRANGER, "").await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn jobs_are_listed_newest_first_page_by_page() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for what in ["customers", "orders", "notes"] {
        ids.insert(0, app.request_export_of(OWNER, &body(what, "csv")).await.expect(202).id());
        app.pass(SignedDuration::from_secs(1)).await;
    }
    let first = app.list_exports(MANAGER, "?limit=2").await.expect(200).json();
    let next = first["next"].as_str().unwrap();
    let second = app.list_exports(MANAGER, &format!("?limit=2&cursor={next}")).await.expect(200).json();
    let of = |page: &Value| page["items"].as_array().unwrap().iter().map(|job| job["id"].clone()).collect::<Vec<_>>();
    assert_eq!([of(&first), of(&second)].concat(), ids);
    assert!(of(&first).len() == 2 && second["next"].is_null());
    // No link is given out by a list.
    assert!(first["items"].as_array().unwrap().iter().all(|job| job.get("url").is_none()));
}

#[tokio::test]
async fn a_job_that_is_cancelled_leaves_nothing() {
    let app = TestApp::start().await;
    app.customer(OWNER, "Zoé Dupont").await;
    let id = app.request_export_of(OWNER, &body("customers", "csv")).await.expect(202).id();
    let cancelled = app.cancel_export(MANAGER, &id).await.expect(200).json();
    assert_eq!(cancelled["state"], "cancelled");
    // Again it is the same, and no worker makes a file of it.
    app.cancel_export(MANAGER, &id).await.expect(200);
    app.drain().await;
    assert_eq!(app.get_export(OWNER, &id).await.expect(200).json()["state"], "cancelled");
    assert!(app.subjects("owner@main.example").is_empty());
    let done = app.export(OWNER, &body("customers", "csv")).await;
    let late = app.cancel_export(OWNER, done["id"].as_str().unwrap()).await.expect(409).json();
    assert_eq!(late["type"], "urn:clientele:problem:export-ended");
}

#[tokio::test]
async fn a_compressed_file_is_the_same_file() {
    let app = TestApp::start().await;
    furnished(&app).await;
    for format in ["csv", "csv_excel_fr", "json_lines"] {
        let plain = app.exported(&app.export(OWNER, &body("customers", format)).await).await;
        let mut asked = body("customers", format);
        asked["gzip"] = json!(true);
        let job = app.export(OWNER, &asked).await;
        let (mut unpacked, packed) = (Vec::new(), app.exported(&job).await);
        MultiGzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(String::from_utf8(unpacked), String::from_utf8(plain), "{format}");
    }
}

#[tokio::test]
async fn a_workbook_has_the_rows_of_the_csv() {
    let app = TestApp::start().await;
    furnished(&app).await;
    for what in ["customers", "statistics", "orders", "order_lines", "notes", "messages", "consents"] {
        let csv = app.exported(&app.export(OWNER, &body(what, "csv")).await).await;
        let file = app.exported(&app.export(OWNER, &body(what, "xlsx")).await).await;
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(file)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let heading: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
        let mut csv = csv::Reader::from_reader(&csv[..]);
        assert_eq!(csv.headers().unwrap(), heading, "{what}");
        let ids = |number: usize| sheet.rows().skip(1).map(|row| row[number].to_string()).collect::<Vec<_>>();
        let expected: Vec<String> = csv.records().map(|row| row.unwrap()[0].to_owned()).collect();
        assert_eq!(ids(0), expected, "{what}");
    }
}

#[tokio::test]
async fn customers_go_to_a_telephone_and_to_paper() {
    let app = TestApp::start().await;
    furnished(&app).await;
    let cards = app.exported(&app.export(OWNER, &body("customers", "vcard")).await).await;
    let cards = String::from_utf8(cards).unwrap();
    assert_eq!(cards.matches("BEGIN:VCARD\r\nVERSION:4.0\r\n").count(), 3);
    for name in ["FN:Zoé Dupont", "FN:Ana Lima", "FN:Tom Vidal"] {
        assert_eq!(cards.matches(&format!("{name}\r\n")).count(), 1, "{cards}");
    }
    let job = app.export(OWNER, &body("customers", "pdf")).await;
    let printed = app.exported(&job).await;
    assert!(printed.starts_with(b"%PDF-") && job["rows"] == 3);
}

#[tokio::test]
async fn a_file_that_is_made_in_one_go_has_its_bounds() {
    let app = TestApp::calm().await;
    let most = ExportFormat::Pdf.most_rows().unwrap();
    for _ in 0..most / 100 {
        many(&app, 100).await;
    }
    let job = app.export(OWNER, &body("customers", "pdf")).await;
    assert_eq!((&job["state"], &job["rows"]), (&json!("done"), &json!(most)));
    many(&app, 1).await;
    let refused = app.request_export_of(OWNER, &body("customers", "pdf")).await.expect(422).json();
    assert_eq!((&refused["type"], &refused["max"]), (&json!("urn:clientele:problem:too-many-rows"), &json!(most)));
    let mut few = body("customers", "pdf");
    few["filter"] = json!({ "status": "current" });
    app.request_export_of(OWNER, &few).await.expect(202);
}

/// So many customers of whom nothing is known but a name and an address.
async fn many(app: &TestApp, number: usize) {
    let functions = app.functions();
    let settings = functions.table.settings(&"main".parse().unwrap()).await.unwrap().unwrap();
    let writes = CustomerWrites { keyring: &functions.keyring, today: settings.zone.day(app.stack.clock().now()) };
    for _ in 0..number {
        let (id, now) = (CustomerId::new(functions.entropy.ulid(app.stack.clock().now())), app.stack.clock().now());
        let email = format!("{id}@example.com").to_lowercase().parse().unwrap();
        let name = Name::of(Some("Zoé".parse().unwrap()), None, None).unwrap();
        let customer = Customer::new(&settings, id, name, email, Source::Staff, now);
        app.write(|transaction| {
            transaction.create_customer(writes, &customer).unwrap();
        })
        .await;
    }
}

#[tokio::test]
async fn whoever_asked_is_told() {
    // Where indexes are late the file may be empty, and the mail may be late too.
    let app = TestApp::calm().await;
    app.customer(OWNER, "Zoé Dupont").await;
    let job = app.export(MANAGER, &body("customers", "csv")).await;
    let mails = app.mails();
    let told = mails.iter().find(|mail| mail.to == ["manager@main.example"]).unwrap();
    let told = told.text.as_deref().unwrap();
    assert!(told.contains(".csv") && !told.contains("/v1/"), "{told}");
    assert!(!told.contains("Dupont") && job["rows"] == 1);
}

#[tokio::test]
async fn a_link_is_given_out_for_a_day_and_a_job_is_known_for_thirty() {
    let app = TestApp::start().await;
    app.customer(OWNER, "Zoé Dupont").await;
    let job = app.export(OWNER, &body("customers", "csv")).await;
    assert!(job["url"].is_string());
    let id = job["id"].as_str().unwrap();
    app.pass(SignedDuration::from_hours(24)).await;
    let later = app.get_export(OWNER, id).await.expect(200).json();
    assert_eq!((&later["state"], later.get("url")), (&json!("done"), None));
    let item = app.items("export").await.remove(0);
    let kept = item["ttl"].as_n().unwrap().parse::<i64>().unwrap();
    let asked: jiff::Timestamp = text(&item, "requested_at").parse().unwrap();
    assert_eq!(kept - asked.as_second(), 30 * 24 * 3600);
}

/// Notes that come to more than three parts, of customers who have many of them.
async fn with_long_notes(time: Duration) -> (TestApp, Vec<String>) {
    let app = TestApp::exporting(Limits { part: FIVE, time }).await;
    let (mut steps, mut ids) = (Vec::new(), Vec::new());
    for number in 0..6 {
        let customer = app.customer(OWNER, &format!("Zoé Dupont {number}")).await;
        for _ in 0..100 {
            let id = shared::domain::NoteId::new(app.functions().entropy.ulid(app.stack.clock().now()));
            let text = "€".repeat(9990).parse().unwrap();
            let customer = customer.parse().unwrap();
            steps.push(Note::new(id, customer, text, "staff".parse().unwrap(), app.stack.clock().now()));
            ids.push(id.to_string());
        }
    }
    for notes in steps.chunks(50) {
        let shop = "main".parse().unwrap();
        app.write(|transaction| {
            for note in notes {
                transaction.create_note(&shop, note).unwrap();
            }
        })
        .await;
    }
    ids.sort();
    (app, ids)
}

#[tokio::test]
async fn a_file_is_put_together_from_parts_that_the_job_names() {
    let (app, ids) = with_long_notes(Duration::from_secs(600)).await;
    let job = app.export(OWNER, &body("notes", "csv")).await;
    let parts = job["parts"].as_array().unwrap();
    assert!(parts.len() >= 3, "{job}");
    let file = app.exported(&job).await;
    let mut rest = &file[..];
    for part in parts {
        let (own, left) = rest.split_at(part["bytes"].as_u64().unwrap().try_into().unwrap());
        assert_eq!(part["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest(own)));
        rest = left;
    }
    assert!(rest.is_empty());
    assert_eq!((column(&rows(&file), "id"), &job["rows"]), (ids, &json!(600)));
}

#[tokio::test]
async fn a_worker_without_time_hands_the_file_over_after_each_part() {
    let (app, ids) = with_long_notes(Duration::ZERO).await;
    let job = app.export(OWNER, &body("notes", "csv")).await;
    assert!(job["parts"].as_array().unwrap().len() >= 3);
    assert_eq!((column(&rows(&app.exported(&job).await), "id"), &job["rows"]), (ids, &json!(600)));
    // It was claimed once for each part, and began one file.
    let job = app.job(job["id"].as_str().unwrap()).await;
    assert_eq!((job.files, job.attempts), (1, 1));
    assert!(job.version > 6, "{}", job.version);
}

/// Of a file of several parts, whatever call of the table or of S3 is the worker's last: the next one
/// goes on where the job says, and every note is in the file once.
#[tokio::test]
async fn a_worker_that_dies_anywhere_is_gone_on_from() {
    let (app, ids) = with_long_notes(Duration::from_secs(600)).await;
    let faults = app.stack.faults();
    let mut last = Trial::calm();
    let mut number = 0;
    loop {
        let id = app.request_export_of(OWNER, &body("notes", "csv")).await.expect(202).id();
        faults.begin(last);
        // A planned run may be the one that dies.
        let _ = app.stack.settle().await;
        let trial = faults.end().unwrap();
        app.drain().await;
        let job = app.get_export(OWNER, &id).await.expect(200).json();
        let said = || format!("{:?}: {job}", trial.happened());
        assert_eq!(
            (column(&rows(&app.exported(&job).await), "id"), &job["rows"]),
            (ids.clone(), &json!(600)),
            "{}",
            said()
        );
        assert!(job["parts"].as_array().unwrap().len() >= 3, "{}", said());
        let stands = app.job(&id).await;
        assert!(stands.files <= 2 && stands.progress.is_none(), "{}", said());
        if number >= trial.calls().len() {
            break;
        }
        let fault = if number % 2 == 0 { Fault::KilledBefore } else { Fault::KilledAfter };
        last = Trial::calm().with(number, fault);
        number += killed_every();
    }
    assert!(number > 50, "{number}");
}
