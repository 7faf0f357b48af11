//! The forms of a file. Those that are streams (CSV, JSON Lines, vCard) may be taken piece by piece,
//! each ending with a row; the others are made in one go.

#[cfg_attr(not(test), expect(dead_code, reason = "the worker makes rows only, so far"))]
mod cards;
mod csv;
mod json_lines;
#[cfg_attr(not(test), expect(dead_code, reason = "the worker makes rows only, so far"))]
mod vcard;
#[cfg_attr(not(test), expect(dead_code, reason = "the worker makes rows only, so far"))]
mod xlsx;

use std::fmt::Debug;
use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use shared::domain::ExportFormat;
use shared::{Error, Result};

use self::csv::{Csv, Profile};
use crate::cell::Cell;

/// How many bytes are compressed at once.
const COMPRESSED_AT_ONCE: usize = 64 * 1024;

/// Rows under way to bytes.
pub struct Encoder {
    columns: Vec<&'static str>,
    form: Form,
    /// What is compressed: each piece is a member of its own (RFC 1952, section 2.2), so that whoever
    /// goes on with the file needs nothing of what was written before.
    gzip: Option<GzEncoder<Vec<u8>>>,
}

enum Form {
    Csv(Csv),
    JsonLines(Vec<u8>),
}

impl Form {
    fn waiting(&self) -> usize {
        match self {
            Self::Csv(csv) => csv.waiting(),
            Self::JsonLines(lines) => lines.len(),
        }
    }

    fn take(&mut self) -> Result<Vec<u8>> {
        match self {
            Self::Csv(csv) => csv.take(),
            Self::JsonLines(lines) => Ok(std::mem::take(lines)),
        }
    }
}

impl Encoder {
    /// Rows of `columns`. The heading, where there is one, comes first in a file that is `begun`, and
    /// not in what is gone on with.
    pub fn new(format: ExportFormat, gzip: bool, columns: Vec<&'static str>, begun: bool) -> Result<Self> {
        let csv = |profile| if begun { Csv::begin(profile, &columns) } else { Ok(Csv::new(profile)) };
        let form = match format {
            ExportFormat::Csv => Form::Csv(csv(Profile::Plain)?),
            ExportFormat::CsvExcelFr => Form::Csv(csv(Profile::ExcelFr)?),
            ExportFormat::JsonLines => Form::JsonLines(Vec::new()),
            ExportFormat::Xlsx | ExportFormat::Vcard | ExportFormat::Pdf => {
                return Err(Error::Impossible("a form without rows of columns"));
            }
        };
        Ok(Self { columns, form, gzip: gzip.then(member) })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        match &mut self.form {
            Form::Csv(csv) => csv.row(cells)?,
            Form::JsonLines(lines) => json_lines::row(&self.columns, cells, lines)?,
        }
        match &mut self.gzip {
            Some(gzip) if self.form.waiting() >= COMPRESSED_AT_ONCE => {
                gzip.write_all(&self.form.take()?).map_err(unwritable)
            }
            _ => Ok(()),
        }
    }

    /// All that has not been taken: of a form that is made in one go, the whole file.
    pub fn finish(mut self) -> Result<Rest> {
        Ok(Box::new(Cursor::new(self.take()?)))
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
pub type Rest = Box<dyn std::io::Read + Send>;

fn member() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), Compression::default())
}

fn unwritable(_: impl Debug) -> Error {
    Error::Impossible("writing to memory")
}
