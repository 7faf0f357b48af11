//! What `calamine` reads in a workbook is what was written.

use std::io::Read;

use calamine::{Data, Reader, Xlsx};
use jiff::civil::date;
use shared::domain::Currency;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The rows that another library reads, the heading among them.
fn read(file: File) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(file).unwrap();
    assert_eq!(book.sheet_names(), ["Export"]);
    let range = book.worksheet_range("Export").unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// A workbook of one column, read back without its heading.
fn column(cells: Vec<Cell<'_>>) -> Vec<Data> {
    let mut workbook = Workbook::begin(&["value"], at("2026-11-22T21:30:00Z")).unwrap();
    for cell in cells {
        workbook.row(&[cell]).unwrap();
    }
    read(workbook.finish().unwrap()).into_iter().skip(1).flatten().collect()
}

#[test]
fn text_stays_text_whatever_it_looks_like() {
    let texts = [
        "007",
        "+33612345678",
        "=1+1",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "a\nb",
        "TRUE",
        "2026-11-22",
        "1e5",
        "'quoted",
        "\"a\"",
        "<b>&amp;</b>",
        "_x0041_",
        "a\u{0}b\u{1b}\u{ffff}",
        "\u{202e}cba",
        " spaced ",
        "Zoé 日本 🎂",
        "https://example.com",
        "{=1}",
    ];
    let read = column(texts.into_iter().map(Cell::text).collect());
    for (text, read) in texts.into_iter().zip(read) {
        assert_eq!(read, Data::String(text.to_owned()), "{text:?}");
    }
}

#[test]
fn values_are_of_their_own_kind() {
    let money = |minor, code: &str| Cell::Money(Money::new(minor, code.parse::<Currency>().unwrap()).unwrap());
    let read = column(vec![
        Cell::Whole(1500),
        money(-199_905, "EUR"),
        money(1200, "JPY"),
        money(1234, "TND"),
        money(Money::MAX_MINOR - 1, "EUR"),
        Cell::Flag(true),
        Cell::Day(date(1980, 4, 15)),
        Cell::Instant(at("2026-11-22T23:59:59.9Z")),
        Cell::Day(date(1899, 1, 1)),
    ]);
    let numbers: Vec<f64> =
        read.iter().filter_map(|cell| if let Data::Float(n) = cell { Some(*n) } else { None }).collect();
    assert_eq!(numbers, [1500.0, -1999.05, 1200.0, 1.234, 9_999_999_999.99]);
    assert_eq!(read[5], Data::Bool(true));
    let ymd = |cell: &Data| match cell {
        Data::DateTime(at) => at.to_ymd_hms_milli(),
        other => panic!("{other:?} is no date"),
    };
    assert_eq!(ymd(&read[6]), (1980, 4, 15, 0, 0, 0, 0));
    assert_eq!(ymd(&read[7]), (2026, 11, 22, 23, 59, 59, 0));
    assert_eq!(read[8], Data::String("1899-01-01".to_owned()), "before Excel's calendar");
}

#[test]
fn what_a_cell_cannot_hold_is_cut() {
    let fits = "é".repeat(MAX_UNITS);
    let cakes = "🎂".repeat(MAX_UNITS);
    let read = column(vec![Cell::text(fits.as_str()), Cell::text(cakes.as_str()), Cell::text(format!("{fits}x"))]);
    assert_eq!(read[0], Data::String(fits.clone()));
    assert_eq!(read[1], Data::String(format!("{}…", "🎂".repeat((MAX_UNITS - 1) / 2))));
    assert_eq!(read[2], Data::String(format!("{}…", "é".repeat(MAX_UNITS - 1))));
}

#[test]
fn the_heading_stands_first_and_what_is_empty_is_nothing() {
    let mut workbook = Workbook::begin(&["id", "name", "note"], at("2026-11-22T21:30:00Z")).unwrap();
    workbook.row(&[Cell::text("1"), Cell::Empty, Cell::text("x")]).unwrap();
    let rows = read(workbook.finish().unwrap());
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(rows, [vec![text("id"), text("name"), text("note")], vec![text("1"), Data::Empty, text("x")]]);
    let empty = Workbook::begin(&["id"], at("2026-11-22T21:30:00Z")).unwrap();
    assert_eq!(read(empty.finish().unwrap()), [[text("id")]]);
}

#[test]
fn the_same_rows_make_the_same_file() {
    let made = || {
        let mut workbook = Workbook::begin(&["id"], at("2026-11-22T21:30:00Z")).unwrap();
        workbook.row(&[Cell::text("1")]).unwrap();
        let mut bytes = Vec::new();
        workbook.finish().unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(made(), made());
}
