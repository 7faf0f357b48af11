//! JSON Lines: an object a line, its names those of the columns, its values with their types. Nothing is
//! altered, and what is not known is `null`.

use serde::ser::{SerializeMap, Serializer};
use shared::Result;

use super::unwritable;
use crate::cell::Cell;

/// Adds a row to `out`.
pub fn row(columns: &[&'static str], cells: &[Cell<'_>], out: &mut Vec<u8>) -> Result<()> {
    object(columns, cells, out).map_err(unwritable)?;
    out.push(b'\n');
    Ok(())
}

fn object(columns: &[&'static str], cells: &[Cell<'_>], out: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut serializer = serde_json::Serializer::new(out);
    let mut object = serializer.serialize_map(None)?;
    for (name, cell) in columns.iter().zip(cells) {
        match cell {
            Cell::Empty => object.serialize_entry(name, &())?,
            Cell::Text(text) => object.serialize_entry(name, text)?,
            Cell::Whole(number) => object.serialize_entry(name, number)?,
            Cell::Money(money) => object.serialize_entry(name, money)?,
            Cell::Day(day) => object.serialize_entry(name, day)?,
            Cell::Instant(at) => object.serialize_entry(name, at)?,
            Cell::Flag(flag) => object.serialize_entry(name, flag)?,
        }
    }
    object.end()
}

#[cfg(test)]
mod tests {
    use shared::domain::{Currency, Money};

    use super::*;

    #[test]
    fn every_value_has_its_type() {
        let money = Money::new(1799, Currency::EUR).unwrap();
        let cells = [Cell::text("=1\n"), Cell::Whole(3), Cell::Money(money), Cell::Flag(false), Cell::Empty];
        let mut out = Vec::new();
        row(&["a", "b", "c", "d", "e"], &cells, &mut out).unwrap();
        let line = String::from_utf8(out).unwrap();
        assert_eq!(
            line,
            r#"{"a":"=1\n","b":3,"c":{"minor":1799,"currency":"EUR"},"d":false,"e":null}"#.to_owned() + "\n"
        );
    }
}
