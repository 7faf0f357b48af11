//! A workbook of one sheet, as Excel and LibreOffice open it.
//!
//! Rows go to a temporary file as they come, so that memory stays the same however many there are;
//! the finished workbook is another. What is text is written as text, in cells whose format is text
//! too: nothing becomes a formula, a number or a date, not even where somebody edits the cell. Text
//! beyond what a cell can hold, 32,767 UTF-16 units, is cut and ends in «…»; a character that XML
//! can't hold is written as Excel itself writes it.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook as Book, Worksheet, XlsxError as Error,
};
use shared::domain::Money;

use crate::cell::Cell;

/// The most UTF-16 units of a cell, which is Excel's limit.
const MAX_UNITS: usize = 32_767;

/// The narrowest and the widest that a column becomes, in digits of the standard font.
const WIDTHS: (usize, usize) = (8, 50);

/// The first year that Excel's calendar knows whole.
const FIRST_YEAR: i16 = 1900;

/// A workbook under way.
pub struct Workbook {
    book: Book,
    formats: Formats,
    next_row: u32,
    /// How wide the widest text of each column is, in characters.
    widths: Vec<usize>,
}

/// How cells are shown: a format is told apart by its content, so each is made once.
struct Formats {
    text: Format,
    day: Format,
    instant: Format,
    /// By the number of decimals.
    money: [Format; 5],
}

impl Workbook {
    /// A workbook with a heading of `columns`, made at `at`.
    ///
    /// # Errors
    /// [`Error`] where there is no room for the temporary file.
    pub fn begin(columns: &[&'static str], at: Timestamp) -> Result<Self, Error> {
        let mut book = Book::new();
        let properties = DocProperties::new()
            .set_author("Clientele")
            .set_creation_datetime(&ExcelDateTime::from_timestamp(at.as_second())?);
        book.set_properties(&properties);
        let heading = Format::new().set_bold().set_align(FormatAlign::Top);
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name("Export")?.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(columns) {
            sheet.write_string_with_format(0, column, *name, &heading)?;
        }
        // A bold letter is a little wider.
        let widths = columns.iter().map(|name| name.chars().count() + 2).collect();
        Ok(Self { book, formats: Formats::new(), next_row: 1, widths })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`Error`] beyond what a sheet can hold.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            let width = self.formats.write(sheet, (self.next_row, column), cell)?;
            if let Some(widest) = self.widths.get_mut(usize::from(column)) {
                *widest = width.max(*widest);
            }
        }
        self.next_row += 1;
        Ok(())
    }

    /// The finished workbook: a temporary file, which is gone once it is closed, to be read from its
    /// beginning.
    ///
    /// # Errors
    /// [`Error`] where there is no room for it.
    pub fn finish(mut self) -> Result<File, Error> {
        let sheet = self.book.worksheet_from_index(0)?;
        let (narrowest, widest) = WIDTHS;
        for (column, width) in (0..).zip(&self.widths) {
            let width = u32::try_from(width.clamp(&narrowest, &widest) + 1).unwrap_or_default();
            sheet.set_column_width(column, width)?;
        }
        let mut file = tempfile::tempfile()?;
        let mut writer = BufWriter::new(&mut file);
        self.book.save_to_writer(&mut writer)?;
        writer.flush()?;
        drop(writer);
        file.rewind()?;
        Ok(file)
    }
}

impl Formats {
    fn new() -> Self {
        let of = |shown: &str| Format::new().set_num_format(shown);
        Self {
            text: of("@"),
            day: of("yyyy-mm-dd"),
            instant: of("yyyy-mm-dd hh:mm:ss"),
            money: ["0", "0.0", "0.00", "0.000", "0.0000"].map(of),
        }
    }

    /// Writes `cell`, and tells how many characters it shows.
    fn write(&self, sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell<'_>) -> Result<usize, Error> {
        match cell {
            Cell::Empty => return Ok(0),
            Cell::Text(text) => return self.text(sheet, (row, column), text),
            Cell::Day(day) => match day_of(*day) {
                Some(day) => sheet.write_datetime_with_format(row, column, day, &self.day)?,
                None => return self.text(sheet, (row, column), &day.to_string()),
            },
            Cell::Instant(at) => match instant_of(*at) {
                Some(at) => sheet.write_datetime_with_format(row, column, at, &self.instant)?,
                None => return self.text(sheet, (row, column), &at.to_string()),
            },
            Cell::Money(money) => {
                let decimals = money.currency().decimals() as usize;
                let format = self.money.get(decimals).unwrap_or(&self.money[2]);
                sheet.write_number_with_format(row, column, number_of(*money), format)?
            }
            Cell::Whole(number) => sheet.write_number(row, column, *number as f64)?,
            Cell::Flag(flag) => sheet.write_boolean(row, column, *flag)?,
        };
        Ok(shown(cell))
    }

    fn text(&self, sheet: &mut Worksheet, (row, column): (u32, u16), text: &str) -> Result<usize, Error> {
        let text = cut(text);
        let width = text.lines().map(|line| line.chars().take(WIDTHS.1).count()).max().unwrap_or(0);
        sheet.write_string_with_format(row, column, text, &self.text)?;
        Ok(width)
    }
}

/// How many characters a cell that is no text shows, about.
fn shown(cell: &Cell<'_>) -> usize {
    match cell {
        Cell::Empty | Cell::Text(_) => 0,
        Cell::Whole(number) => number.to_string().len(),
        Cell::Money(money) => money.decimal().len(),
        Cell::Day(_) => "2026-11-22".len(),
        Cell::Instant(_) => "2026-11-22 21:30:00".len(),
        Cell::Flag(_) => "FALSE".len(),
    }
}

/// An amount as the number that a spreadsheet adds up: exact to the minor unit, since the greatest
/// amount has fewer digits than a double tells apart.
fn number_of(money: Money) -> f64 {
    money.minor() as f64 / 10f64.powi(i32::try_from(money.currency().decimals()).unwrap_or_default())
}

/// The day in Excel's calendar, which begins in 1900.
fn day_of(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|_| day.year() >= FIRST_YEAR)?;
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs()).ok()
}

/// The instant in Excel's calendar, in UTC and to the second.
fn instant_of(at: Timestamp) -> Option<ExcelDateTime> {
    ExcelDateTime::from_timestamp(at.as_second()).ok()
}

/// `text`, or as much of it as a cell holds.
fn cut(text: &str) -> Cow<'_, str> {
    // No text has more UTF-16 units than bytes.
    if text.len() <= MAX_UNITS || text.encode_utf16().count() <= MAX_UNITS {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < MAX_UNITS
    };
    Cow::Owned(text.chars().take_while(fits).chain(['…']).collect())
}

#[cfg(test)]
mod tests;
