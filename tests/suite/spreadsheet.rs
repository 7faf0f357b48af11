//! The Excel profile in a spreadsheet set to French: LibreOffice opens it as by a double click and saves
//! it as a workbook, and that is read by a library that wrote none of it.
//!
//! `CLIENTELE_OFFICE=required` fails where LibreOffice is not there; otherwise the test is skipped, and
//! says so.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use calamine::{Data, DataType, Reader, Xlsx};
use fastrand::Rng;
use serde_json::{Value, json};
use shared::domain::{Note, NoteId};

use crate::app::TestApp;
use crate::ask::{OWNER, SELLER};

/// How many cells do their worst.
const HOSTILE: usize = 5000;

/// Separator `;`, quotes `"`, UTF-8, from the first line on, as a French spreadsheet reads it.
const AS_FRENCH: &str = "--infilter=CSV:59,34,76,1,,1036,false,false";

/// Each row of the first sheet, by the names of its columns.
fn opened(file: &[u8]) -> Option<Vec<BTreeMap<String, Data>>> {
    let required = std::env::var("CLIENTELE_OFFICE").is_ok_and(|value| value == "required");
    if !required && Command::new("soffice").arg("--version").output().is_err() {
        eprintln!("LibreOffice is not there: what needs it is skipped");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("export.csv");
    std::fs::write(&csv, file).unwrap();
    convert(folder.path(), &csv);
    let mut book: Xlsx<_> = calamine::open_workbook(folder.path().join("export.xlsx")).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let mut rows = sheet.rows();
    let heading: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    Some(rows.map(|row| heading.iter().cloned().zip(row.iter().cloned()).collect()).collect())
}

fn convert(folder: &Path, csv: &Path) {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let mut office = Command::new("soffice");
    office.args([&*profile, "--headless", "--convert-to", "xlsx", AS_FRENCH, "--outdir"]);
    let output = office.arg(folder).arg(csv).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

async fn export(app: &TestApp, what: &str, columns: &[&str]) -> Vec<u8> {
    let body = json!({ "what": what, "format": "csv_excel_fr", "purpose": "Bilan", "columns": columns });
    let job: Value = app.export(OWNER, &body).await;
    app.exported(&job).await
}

#[tokio::test]
async fn numbers_days_and_text_are_what_they_are() {
    let app = TestApp::start().await;
    let body = json!({
        "name": "Élodie Œuvre-Ñandú", "email": "elodie@example.com", "phone": "+33612345678", "country": "FR",
        "company": "=HYPERLINK(\"http://example.com\";\"Ici\")", "birthday": "1980-04-15",
        "delivery_address": { "street": "1, rue du Port", "postcode": "01000", "city": "Bourg", "country": "FR" },
    });
    let id = app.create_customer(OWNER, &body).await.expect(201).id();
    app.sale(SELLER, &id, 179_950).await;
    app.settle().await;
    let columns =
        ["name", "phone", "company", "delivery_postcode", "delivery_street", "total", "orders", "last_order_on"];
    let Some(rows) = opened(&export(&app, "customers", &columns).await) else { return };
    let [row] = &rows[..] else { panic!("{rows:?}") };
    let text = |name: &str| row[name].as_string().unwrap();
    assert_eq!(text("name"), "Élodie Œuvre-Ñandú");
    assert_eq!(text("phone"), "'+33612345678");
    assert_eq!(text("company"), "'=HYPERLINK(\"http://example.com\";\"Ici\")");
    assert_eq!((text("delivery_postcode"), text("delivery_street")), ("'01000".into(), "1, rue du Port".into()));
    assert_eq!((&row["total"], &row["orders"]), (&Data::Float(1799.5), &Data::Float(1.0)));
    assert!(matches!(row["last_order_on"], Data::DateTime(_)), "{:?}", row["last_order_on"]);
}

#[tokio::test]
async fn no_cell_becomes_a_formula() {
    let app = TestApp::calm().await;
    let (mut random, mut notes) = (Rng::with_seed(7), BTreeMap::new());
    let now = app.stack.clock().now();
    for number in 0..HOSTILE / 100 {
        let customer = app.customer(OWNER, &format!("Zoé Dupont {number}")).await.parse().unwrap();
        let own = (0..100).map(|_| {
            let id = NoteId::new(app.functions().entropy.ulid(now));
            Note::new(id, customer, hostile(&mut random).parse().unwrap(), "staff".parse().unwrap(), now)
        });
        let own: Vec<Note> = own.collect();
        for some in own.chunks(20) {
            app.write(|transaction| {
                for note in some {
                    transaction.create_note(&"main".parse().unwrap(), note).unwrap();
                }
            })
            .await;
        }
        notes.extend(own.into_iter().map(|note| (note.id.to_string(), note.text.expose().to_owned())));
    }
    let Some(rows) = opened(&export(&app, "notes", &["id", "text"]).await) else { return };
    assert_eq!(rows.len(), HOSTILE);
    for row in rows {
        let (id, shown) = (row["id"].as_string().unwrap(), &row["text"]);
        let Data::String(shown) = shown else { panic!("{:?} has become {shown:?}", notes[&id]) };
        let shown = shown.replace("\r\n", "\n");
        assert!(shown == notes[&id] || shown == format!("'{}", notes[&id]), "{:?} has become {shown:?}", notes[&id]);
    }
}

/// What spreadsheets, and those who read along, take for something else.
fn hostile(random: &mut Rng) -> String {
    const BEGINNINGS: [&str; 10] = ["=", "+", "-", "@", "\"", "'", "00", ";", "\u{202e}", "é"];
    const REST: [&str; 16] =
        ["1+1", "\"", "\"\"", ";", ",", "\n", "\t", "=", "'", "\u{202e}", "|", "!A0", "é", "€", "cmd", ")"];
    let rest: String = (0..random.usize(1..8)).map(|_| *random.choice(&REST).unwrap()).collect();
    // What stands at an end is trimmed when it is written.
    format!("{}{rest}.", random.choice(BEGINNINGS).unwrap())
}
