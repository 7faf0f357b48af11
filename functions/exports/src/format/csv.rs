//! CSV (RFC 4180), in two profiles.
//!
//! The plain one is for programs: a comma, a decimal point, nothing altered. The other one is what a
//! French spreadsheet opens by a double click. It knows no types, so text that it would take for a
//! formula or for a number has an apostrophe before it: `'=1+1`, `'+33612345678`, `'01000`. An import
//! takes it off again.

use std::fmt::{Display, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::unwritable;
use crate::cell::Cell;
use shared::Result;

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Programs.
    Plain,
    /// A spreadsheet set to French.
    ExcelFr,
}

/// How many digits a spreadsheet keeps of a number: longer ones are no quantities, but references.
const MOST_DIGITS: usize = 11;

/// What a formula begins with, the full-width signs of Asian keyboards included.
const SIGNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// What such a spreadsheet knows UTF-8 by.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Rows under way to CSV.
pub struct Csv {
    profile: Profile,
    writer: Writer<Vec<u8>>,
    /// A value as text: one allocation for all rows.
    text: String,
}

impl Csv {
    /// Rows without a heading.
    pub fn new(profile: Profile) -> Self {
        Self { profile, writer: writer(profile, Vec::new()), text: String::new() }
    }

    /// Rows after the heading that a file begins with.
    pub fn begin(profile: Profile, columns: &[&'static str]) -> Result<Self> {
        let beginning = match profile {
            Profile::Plain => Vec::new(),
            Profile::ExcelFr => BYTE_ORDER_MARK.to_vec(),
        };
        let mut writer = writer(profile, beginning);
        writer.write_record(columns).map_err(unwritable)?;
        Ok(Self { profile, writer, text: String::new() })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for cell in cells {
            self.field(cell).map_err(unwritable)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(unwritable)
    }

    /// How many bytes wait, or nearly.
    pub fn waiting(&self) -> usize {
        self.writer.get_ref().len()
    }

    /// Takes the bytes that wait.
    pub fn take(&mut self) -> Result<Vec<u8>> {
        let full = std::mem::replace(&mut self.writer, writer(self.profile, Vec::new()));
        full.into_inner().map_err(unwritable)
    }

    fn field(&mut self, cell: &Cell<'_>) -> csv::Result<()> {
        match (cell, self.profile) {
            (Cell::Text(text), Profile::ExcelFr) if looks_otherwise(text) => self.shown(&format_args!("'{text}")),
            (Cell::Text(text), _) => self.writer.write_field(text.as_bytes()),
            (Cell::Empty, _) => self.writer.write_field(b""),
            (Cell::Whole(number), _) => self.shown(number),
            (Cell::Money(money), Profile::Plain) => self.shown(&money.decimal()),
            (Cell::Money(money), Profile::ExcelFr) => self.shown(&money.decimal().replace('.', ",")),
            (Cell::Day(day), _) => self.shown(day),
            (Cell::Instant(at), Profile::Plain) => self.shown(at),
            (Cell::Instant(at), Profile::ExcelFr) => self.shown(&at.strftime("%Y-%m-%d %H:%M:%S")),
            (Cell::Flag(flag), _) => self.shown(flag),
        }
    }

    fn shown(&mut self, value: &dyn Display) -> csv::Result<()> {
        self.text.clear();
        write!(self.text, "{value}").map_err(std::io::Error::other)?;
        self.writer.write_field(self.text.as_bytes())
    }
}

fn writer(profile: Profile, beginning: Vec<u8>) -> Writer<Vec<u8>> {
    let delimiter = match profile {
        Profile::Plain => b',',
        Profile::ExcelFr => b';',
    };
    WriterBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).from_writer(beginning)
}

/// Whether a spreadsheet would take `text` for a formula, for a day or an hour, or for a number that it
/// is not: its leading zeros or its last digits would be gone.
fn looks_otherwise(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let figures = |byte: u8| byte.is_ascii_digit() || b"/-:., Ee%".contains(&byte);
    let of_figures = text.starts_with(|first: char| first.is_ascii_digit()) && text.bytes().all(figures);
    match plain {
        true => text.len() > 1 && (text.starts_with('0') || text.len() > MOST_DIGITS),
        false => text.starts_with(SIGNS) || of_figures,
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::{Currency, Money};

    use super::*;

    fn written(profile: Profile, cells: &[Cell<'_>]) -> String {
        let mut csv = Csv::begin(profile, &["a", "b", "c", "d", "e", "f"][..cells.len()]).unwrap();
        csv.row(cells).unwrap();
        String::from_utf8(csv.take().unwrap()).unwrap()
    }

    fn some() -> Vec<Cell<'static>> {
        let money = Money::new(-1799, Currency::EUR).unwrap();
        let at = "2026-11-22T09:00:00Z".parse().unwrap();
        let day = "2026-11-22".parse().unwrap();
        vec![Cell::Money(money), Cell::Whole(-3), Cell::Day(day), Cell::Instant(at), Cell::Flag(true), Cell::Empty]
    }

    #[test]
    fn programs_read_what_stands_there() {
        let written = written(Profile::Plain, &some());
        assert_eq!(written, "a,b,c,d,e,f\r\n-17.99,-3,2026-11-22,2026-11-22T09:00:00Z,true,\r\n");
    }

    #[test]
    fn a_french_spreadsheet_reads_its_own_numbers_and_times() {
        let written = written(Profile::ExcelFr, &some());
        assert_eq!(written, "\u{feff}a;b;c;d;e;f\r\n-17,99;-3;2026-11-22;2026-11-22 09:00:00;true;\r\n");
    }

    #[test]
    fn text_that_would_be_a_formula_or_lose_its_zeros_is_marked_for_spreadsheets_only() {
        let texts =
            ["=1+1", "+33612345678", "-5", "@A1", "\tx", "01000", "123456789012", "42", "0", "Zoé; \"dite\"\nZ"];
        for text in texts {
            assert!(!written(Profile::Plain, &[Cell::text(text)]).contains('\''), "{text}");
        }
        let marked = |text: &'static str| written(Profile::ExcelFr, &[Cell::text(text)]).contains("'");
        assert_eq!(texts.map(marked), [true, true, true, true, true, true, true, false, false, false]);
        assert!(written(Profile::ExcelFr, &[Cell::text("Zoé; \"dite\"")]).ends_with("\"Zoé; \"\"dite\"\"\"\r\n"));
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_a_day_or_a_number_is_marked() {
        for text in ["1/2", "3-4", "1E5", "10:30", "1,50", "12 %", "＝1"] {
            assert!(looks_otherwise(text), "{text}");
        }
        for text in ["1 rue du Port", "", "3e étage", "A1", "1-B"] {
            assert!(!looks_otherwise(text), "{text}");
        }
    }

    #[test]
    fn what_is_gone_on_with_has_no_heading() {
        let mut csv = Csv::new(Profile::ExcelFr);
        csv.row(&[Cell::Whole(1), Cell::Empty]).unwrap();
        assert_eq!(csv.take().unwrap(), b"1;\r\n");
        csv.row(&[Cell::Whole(2), Cell::Empty]).unwrap();
        assert_eq!(csv.take().unwrap(), b"2;\r\n");
    }
}
