//! The forms of a file. Those that are streams (CSV, JSON Lines, vCard) may be taken piece by piece,
//! each ending with a row; the others are made in one go.

mod cards;
mod csv;
mod json_lines;
mod vcard;
mod xlsx;

use std::fmt::Debug;
use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use shared::domain::{Customer, ExportFormat, ExportRequest, ShopDay};
use shared::{Error, Result};

use self::cards::Cards;
use self::csv::{Csv, Profile};
use self::xlsx::Workbook;
use crate::cell::Cell;
use crate::columns::{self, Surroundings};

/// How many bytes are compressed at once.
const COMPRESSED_AT_ONCE: usize = 64 * 1024;

/// Rows under way to bytes.
pub struct Encoder {
    columns: Vec<&'static str>,
    form: Form,
    /// What is compressed: each piece is a member of its own (RFC 1952, section 2.2), so that whoever
    /// goes on with the file needs nothing of what was written before.
    gzip: Option<GzEncoder<Vec<u8>>>,
    at: Timestamp,
}

enum Form {
    Csv(Box<Csv>),
    JsonLines(Vec<u8>),
    Vcards(Vec<u8>),
    /// It is written to a file of its own: nothing of it waits.
    Workbook(Box<Workbook>),
    /// Its pages say how many there are: nothing of them can be taken before the last.
    Cards(Box<Cards>),
}

impl Form {
    fn waiting(&self) -> usize {
        match self {
            Self::Csv(csv) => csv.waiting(),
            Self::JsonLines(bytes) | Self::Vcards(bytes) => bytes.len(),
            Self::Workbook(_) | Self::Cards(_) => 0,
        }
    }

    fn take(&mut self) -> Result<Vec<u8>> {
        match self {
            Self::Csv(csv) => csv.take(),
            Self::JsonLines(bytes) | Self::Vcards(bytes) => Ok(std::mem::take(bytes)),
            Self::Workbook(_) | Self::Cards(_) => Ok(Vec::new()),
        }
    }
}

impl Encoder {
    /// What `request` wants of a shop, in a file that was begun at `at`. The heading, where there is one,
    /// comes first where `nothing_sent` of the file is anywhere yet, and not in what is gone on with.
    pub fn new(request: &ExportRequest, shop: &Surroundings, at: Timestamp, nothing_sent: bool) -> Result<Self> {
        let columns = columns::names(request.what, &request.columns);
        let csv = |profile| if nothing_sent { Csv::begin(profile, &columns) } else { Ok(Csv::new(profile)) };
        let form = match request.format {
            ExportFormat::Csv => Form::Csv(Box::new(csv(Profile::Plain)?)),
            ExportFormat::CsvExcelFr => Form::Csv(Box::new(csv(Profile::ExcelFr)?)),
            ExportFormat::JsonLines => Form::JsonLines(Vec::new()),
            ExportFormat::Vcard => Form::Vcards(Vec::new()),
            ExportFormat::Xlsx => Form::Workbook(Box::new(Workbook::begin(&columns, at).map_err(unwritable)?)),
            ExportFormat::Pdf => Form::Cards(Box::new(Cards::begin(&shop.settings, at))),
        };
        Ok(Self { columns, form, gzip: request.gzip.then(member), at })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        match &mut self.form {
            Form::Csv(csv) => csv.row(cells)?,
            Form::JsonLines(lines) => json_lines::row(&self.columns, cells, lines)?,
            Form::Workbook(workbook) => workbook.row(cells).map_err(unwritable)?,
            Form::Vcards(_) | Form::Cards(_) => return Err(Error::Impossible("a row of cards")),
        }
        self.compress()
    }

    /// Adds the card of a customer.
    pub fn card(&mut self, customer: &Customer, shop: &Surroundings) -> Result<()> {
        let on = ShopDay { settings: &shop.settings, today: shop.today };
        match &mut self.form {
            Form::Vcards(out) => vcard::write(&shop.settings, customer, self.at, out),
            Form::Cards(cards) => cards.card(customer, on),
            Form::Csv(_) | Form::JsonLines(_) | Form::Workbook(_) => {
                return Err(Error::Impossible("a card among rows"));
            }
        }
        self.compress()
    }

    fn compress(&mut self) -> Result<()> {
        match &mut self.gzip {
            Some(gzip) if self.form.waiting() >= COMPRESSED_AT_ONCE => {
                gzip.write_all(&self.form.take()?).map_err(unwritable)
            }
            _ => Ok(()),
        }
    }

    /// All that has not been taken: of a form that is made in one go, the whole file.
    pub fn finish(mut self) -> Result<Rest> {
        match self.form {
            Form::Workbook(workbook) => Ok(Box::new(workbook.finish().map_err(unwritable)?)),
            Form::Cards(cards) => Ok(Box::new(Cursor::new(cards.finish().map_err(unwritable)?))),
            Form::Csv(_) | Form::JsonLines(_) | Form::Vcards(_) => Ok(Box::new(Cursor::new(self.take()?))),
        }
    }

    /// How many bytes wait, or nearly.
    pub fn waiting(&self) -> usize {
        self.gzip.as_ref().map_or_else(|| self.form.waiting(), |gzip| gzip.get_ref().len())
    }

    /// Takes the bytes that wait.
    pub fn take(&mut self) -> Result<Vec<u8>> {
        let plain = self.form.take()?;
        let Some(gzip) = &mut self.gzip else {
            return Ok(plain);
        };
        gzip.write_all(&plain).map_err(unwritable)?;
        std::mem::replace(gzip, member()).finish().map_err(unwritable)
    }
}

/// What is left of a file: its bytes are read once.
pub type Rest = Box<dyn Read + Send>;

fn member() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), Compression::default())
}

fn unwritable(error: impl Debug) -> Error {
    tracing::error!(?error, "a file can't be made");
    Error::Impossible("a file that can't be made")
}
