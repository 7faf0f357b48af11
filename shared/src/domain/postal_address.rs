//! Postal addresses, as each country writes them (F04, F18).

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

use keshvar::Country as Facts;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{Country, Invalid, Line};

/// A postcode of its country, in capitals.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(Line<12>);

impl Postcode {
    /// The postcode that `text` is in `country`.
    ///
    /// # Errors
    /// [`Invalid::NotUsedThere`] where the country has no postcodes, [`Invalid::Postcode`] where
    /// they look otherwise.
    pub fn parse(country: Country, text: &str) -> Result<Self, Invalid> {
        let postcode: Line<12> = text.to_uppercase().parse()?;
        let Some(facts) = facts(country) else {
            return Ok(Self(postcode));
        };
        if !facts.postal_code() {
            return Err(Invalid::NotUsedThere);
        }
        match facts.postal_code_format() {
            Some(format) if !pattern(country, format).is_match(postcode.expose()) => Err(Invalid::Postcode),
            _ => Ok(Self(postcode)),
        }
    }

    /// The postcode as text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What was checked when it came in is not checked again: a country may change its postcodes.
impl TryFrom<String> for Postcode {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse().map(Self)
    }
}

impl From<Postcode> for String {
    fn from(postcode: Postcode) -> Self {
        postcode.0.into()
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(…)")
    }
}

/// What is known of a country; of some that have a telephone plan, like Kosovo, nothing is.
fn facts(country: Country) -> Option<Facts> {
    Facts::try_from(country.to_string().as_str()).ok()
}

/// The compiled form of a country's postcodes: compiled once per country.
fn pattern(country: Country, format: &str) -> Regex {
    static PATTERNS: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);
    let mut patterns = PATTERNS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = patterns.entry(country.to_string());
    known.or_insert_with(|| Regex::new(&format!("^(?:{format})$")).expect("the formats are patterns")).clone()
}

/// Where something is delivered, or a bill is sent. Only what is known: a town alone is an address
/// that a shop can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Line<200>>,
    /// Building, floor, care of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Line<200>>,
    /// The postcode, where the country has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Postcode>,
    /// The town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Line<100>>,
    /// State, province, district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Line<100>>,
    /// The country.
    pub country: Country,
}

impl PostalAddress {
    /// The address as it stands on what leaves `from`: its country last, where it is another. In English
    /// and in capitals, as the post of every country reads it.
    pub fn lines_from(&self, from: Country) -> Vec<String> {
        let mut lines = self.lines();
        if self.country != from {
            lines.push(self.country_name().to_uppercase());
        }
        lines
    }

    /// The country's name in English; its code, where nothing more is known of it.
    pub fn country_name(&self) -> String {
        facts(self.country).map_or_else(|| self.country.to_string(), |facts| facts.iso_short_name().to_owned())
    }

    /// The address without its country, one item per line, in the country's own order.
    pub fn lines(&self) -> Vec<String> {
        let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
        let street = [self.street.as_ref(), self.extra.as_ref()].into_iter().flatten().map(Line::expose);
        let street = street.collect::<Vec<_>>().join("\n");
        let region = text(self.region.as_ref().map(Line::expose));
        let layout = facts(self.country).and_then(|facts| facts.address_format());
        let filled = layout
            .unwrap_or("{{street}}\n{{postalcode}} {{city}}\n{{region}}")
            .replace("{{street}}", &street)
            .replace("{{postalcode}}", &text(self.postcode.as_ref().map(Postcode::expose)))
            .replace("{{city}}", &text(self.city.as_ref().map(Line::expose)))
            .replace("{{region_short}}", &region)
            .replace("{{region}}", &region)
            .replace("{{recipient}}", "")
            .replace("{{country}}", "");
        let lines = filled.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.map(|line| line.trim_end_matches('〒').to_owned()).filter(|line| !line.is_empty()).collect()
    }
}

/// The tax number of a business, without spaces and punctuation (F05). Its form is checked, not
/// whether a tax office has given it out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VatNumber(Line<24>);

/// Countries without a value added or sales tax whose payers have a number.
const WITHOUT_VAT: [&str; 34] = [
    "AI", "AQ", "AS", "BM", "BN", "BV", "CC", "CX", "FK", "GG", "GI", "GU", "HK", "HM", "IO", "IQ", "KP", "KW", "KY",
    "LY", "MO", "MP", "NF", "NU", "PM", "PN", "QA", "SH", "TC", "TK", "UM", "US", "VG", "VI",
];

impl VatNumber {
    /// The number that `text` is for a business in `country`, unless its prefix names a member of
    /// the European Union.
    ///
    /// # Errors
    /// [`Invalid::NotUsedThere`] where the country has no such numbers, [`Invalid::VatNumber`]
    /// where they look otherwise.
    pub fn parse(country: Country, text: &str) -> Result<Self, Invalid> {
        let typed: Line<40> = text.parse()?;
        let number: String = typed.expose().to_uppercase().chars().filter(|c| !" .-/".contains(*c)).collect();
        let code = country.to_string();
        match eu_vat::Vat::parse(&number) {
            // The check digits are not judged: some tax offices give out numbers that fail them.
            Ok(_) | Err(eu_vat::Error::BadChecksum) => return Self::kept(&number),
            Err(_) if eu_vat::Country::from_code(&code).is_some() => {
                let prefixed = format!("{code}{number}");
                return match eu_vat::Vat::parse(&prefixed) {
                    Ok(_) | Err(eu_vat::Error::BadChecksum) => Self::kept(&prefixed),
                    Err(_) => Err(Invalid::VatNumber),
                };
            }
            Err(_) => {}
        }
        let pattern = match code.as_str() {
            code if WITHOUT_VAT.contains(&code) => return Err(Invalid::NotUsedThere),
            "GB" => "^(GB)?([0-9]{9}|[0-9]{12}|(GD|HA)[0-9]{3})$",
            "CH" | "LI" => "^CHE[0-9]{9}(MWST|TVA|IVA)?$",
            "NO" => "^(NO)?[0-9]{9}(MVA)?$",
            _ => "^[0-9A-Z]*[0-9][0-9A-Z]*$",
        };
        let well_formed = number.len() >= 5 && Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(&number));
        if well_formed { Self::kept(&number) } else { Err(Invalid::VatNumber) }
    }

    fn kept(number: &str) -> Result<Self, Invalid> {
        number.parse().map(Self).map_err(|_| Invalid::VatNumber)
    }

    /// The number.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl TryFrom<String> for VatNumber {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse().map(Self)
    }
}

impl From<VatNumber> for String {
    fn from(number: VatNumber) -> Self {
        number.0.into()
    }
}

impl fmt::Debug for VatNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VatNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Country {
        code.parse().unwrap()
    }

    #[test]
    fn a_postcode_is_of_its_country() {
        let parse = |code: &str, text: &str| Postcode::parse(country(code), text).map(String::from);
        assert_eq!(parse("FR", "75011"), Ok("75011".to_owned()));
        assert_eq!(parse("GB", "sw1a 1aa"), Ok("SW1A 1AA".to_owned()));
        assert_eq!(parse("FR", "7501"), Err(Invalid::Postcode));
        assert_eq!(parse("CH", "75011"), Err(Invalid::Postcode));
        assert_eq!(parse("HK", "999077"), Err(Invalid::NotUsedThere));
        assert_eq!(parse("FR", ""), Err(Invalid::Empty));
    }

    #[test]
    fn every_country_with_a_telephone_plan_is_read_without_a_panic() {
        for a in 'A'..='Z' {
            for b in 'A'..='Z' {
                if let Ok(country) = format!("{a}{b}").parse::<Country>() {
                    let _ = Postcode::parse(country, "12345");
                    let _ = VatNumber::parse(country, "12345");
                }
            }
        }
    }

    #[test]
    fn lines_stand_in_the_countrys_order() {
        let address = |code: &str, postcode: &str| PostalAddress {
            street: "12 rue des Lilas".parse().ok(),
            extra: "Bâtiment B".parse().ok(),
            postcode: Postcode::parse(country(code), postcode).ok(),
            city: "Paris".parse().ok(),
            region: None,
            country: country(code),
        };
        assert_eq!(address("FR", "75011").lines(), ["12 rue des Lilas", "Bâtiment B", "75011 Paris"]);
        assert_eq!(address("US", "75460").lines(), ["12 rue des Lilas", "Bâtiment B", "Paris 75460"]);
        let abroad = address("DE", "10115").lines_from(Country::FR);
        assert_eq!(abroad.last().map(String::as_str), Some("GERMANY"));
        assert_eq!(address("FR", "75011").lines_from(Country::FR), address("FR", "75011").lines());
        let only_city = PostalAddress { street: None, extra: None, ..address("HK", "") };
        assert_eq!(only_city.lines(), ["Paris"]);
    }

    #[test]
    fn a_vat_number_has_the_form_of_its_country() {
        let parse = |code: &str, text: &str| VatNumber::parse(country(code), text).map(String::from);
        for (code, text, kept) in [
            ("FR", "FR 40 303 265 045", "FR40303265045"),
            ("FR", "40303265045", "FR40303265045"),
            ("FR", "DE136695976", "DE136695976"),
            ("CH", "CHE-123.456.788 TVA", "CHE123456788TVA"),
            ("GB", "GB 980 7806 84", "GB980780684"),
            ("NO", "123456785MVA", "123456785MVA"),
            ("AU", "53 004 085 616", "53004085616"),
        ] {
            assert_eq!(parse(code, text), Ok(kept.to_owned()), "{code} {text}");
        }
        for (code, text) in [("FR", "FR12"), ("GB", "12"), ("CH", "123456"), ("AU", "ABCDEF"), ("FR", "é")] {
            assert_eq!(parse(code, text), Err(Invalid::VatNumber), "{code} {text}");
        }
        assert_eq!(parse("US", "123456789"), Err(Invalid::NotUsedThere));
        assert_eq!(parse("HK", "12345678"), Err(Invalid::NotUsedThere));
    }
}
