//! A shop's settings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil};
use serde::{Deserialize, Serialize};

use super::{
    Automations, Colour, ConsentPurpose, ConsentText, Country, Currency, EmailAddress, Invalid, Language, Line, Locale,
    Logo, MessageKind, OrderNews, RecordField, ShopId,
};

/// An IANA time zone: what a shop calls a day.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

impl Zone {
    /// The day it is at `instant`.
    pub fn day(&self, instant: Timestamp) -> civil::Date {
        instant.to_zoned(self.0.clone()).date()
    }

    /// The instant of `time` on `day`; where the clock skips it, as far after the gap as it would
    /// have been; where it comes twice, the first.
    pub fn instant(&self, day: civil::Date, time: civil::Time) -> Timestamp {
        let instant = self.0.to_ambiguous_timestamp(day.to_datetime(time)).compatible();
        instant.unwrap_or(if day.year() < 2000 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// The zone itself.
    pub fn time_zone(&self) -> &TimeZone {
        &self.0
    }
}

impl FromStr for Zone {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        TimeZone::get(text).map(Self).map_err(|_| Invalid::TimeZone)
    }
}

impl TryFrom<String> for Zone {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.iana_name().unwrap_or("UTC").to_owned()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

/// Where segments begin and end (S07).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// A VIP has spent more than this, in minor units of the shop's currency.
    pub vip_above_minor: i64,
    /// How long the first purchase makes a customer new, in calendar months.
    pub new_for_months: i32,
    /// After how many calendar months without an order a customer is inactive, and is written to.
    pub inactive_after_months: i32,
    /// How many purchases make a regular: 1 to [`MOST_REGULAR_FROM`](Self::MOST_REGULAR_FROM).
    #[serde(default = "Thresholds::three")]
    pub regular_from: u32,
    /// Within how many calendar months.
    #[serde(default = "Thresholds::twelve")]
    pub regular_within_months: i32,
}

impl Thresholds {
    /// The most purchases that may be asked of a regular: a record keeps the days of as many.
    pub const MOST_REGULAR_FROM: usize = 12;

    /// The last day on which a customer who ordered on `day` is active.
    pub fn active_until(&self, day: civil::Date) -> civil::Date {
        day.saturating_add(self.inactive_after_months.months())
    }

    // Settings of before these two were settings.
    fn three() -> u32 {
        Self::default().regular_from
    }

    fn twelve() -> i32 {
        Self::default().regular_within_months
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            vip_above_minor: 50_000,
            new_for_months: 6,
            inactive_after_months: 12,
            regular_from: 3,
            regular_within_months: 12,
        }
    }
}

/// What a shop is and how it works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The shop.
    pub shop: ShopId,
    /// Raised by every change.
    pub version: u64,
    /// What customers know it as.
    pub name: Line<100>,
    /// The sender of its mails.
    pub sender: EmailAddress,
    /// Its postal address, shown under its mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_address: Option<Line<200>>,
    /// The colour of its mails; unless set, [`Colour::DEFAULT`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// The logo on top of its mails; unless set, its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// What it calls a day.
    pub zone: Zone,
    /// What it sells in unless a customer has another.
    pub currency: Currency,
    /// How a telephone number without prefix is read.
    pub country: Country,
    /// The languages it writes in, its own first.
    pub languages: Vec<Language>,
    /// Where segments begin and end.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// What the staff of this shop has no use for (F17, L07): left out of records and lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_fields: Vec<RecordField>,
    /// Whether a customer's own discount is taken off after the rate of their group, and not instead
    /// of it (A14.8).
    #[serde(default)]
    pub stacked_discounts: bool,
    /// What a birthday mail offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday_offer: Option<Line<200>>,
    /// What a reactivation mail offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reactivation_offer: Option<Line<200>>,
    /// The words by which customers agree to each purpose on their preferences page. A purpose
    /// without words is not offered there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub consent_texts: BTreeMap<ConsentPurpose, ConsentText>,
    /// Where the shop is told of what concerns no form of its own; unless set, at its sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<EmailAddress>,
    /// Which mails go out by themselves, and when.
    #[serde(default)]
    pub automations: Automations,
    /// What customers are mailed of an order on its way (K05): unless the shop wants it, nothing.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub order_state_mails: BTreeSet<OrderNews>,
}

impl Settings {
    /// The shop's own language.
    pub fn language(&self) -> Language {
        self.languages.first().cloned().unwrap_or_else(|| Locale::En.language())
    }

    /// Where the shop is told of what concerns no form of its own.
    pub fn told_at(&self) -> EmailAddress {
        self.notify.clone().unwrap_or_else(|| self.sender.clone())
    }

    /// What mails of `kind` offer, where the texts of the shop's own offer nothing else.
    pub fn offer(&self, kind: MessageKind) -> Option<&str> {
        let offer = match kind {
            MessageKind::Birthday => &self.birthday_offer,
            MessageKind::Reactivation => &self.reactivation_offer,
            MessageKind::Welcome
            | MessageKind::ConfirmConsent
            | MessageKind::ConfirmAddress
            | MessageKind::OrderConfirmation
            | MessageKind::OrderState
            | MessageKind::OrderLink
            | MessageKind::AbandonedOrder
            | MessageKind::Satisfaction
            | MessageKind::ExportReady
            | MessageKind::MerchantNotice => return None,
        };
        offer.as_ref().map(Line::expose)
    }

    /// What the shop writes in to a reader of `language`: that if it can, else its own.
    pub fn locale(&self, language: &Language) -> Locale {
        Locale::of(language).or_else(|| Locale::of(&self.language())).unwrap_or(Locale::En)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn nine_in_the_morning_is_the_shops() {
        let instant = |zone: &str, day| zone.parse::<Zone>().unwrap().instant(day, time(9, 0, 0, 0)).to_string();
        assert_eq!(instant("Europe/Paris", date(2027, 5, 12)), "2027-05-12T07:00:00Z");
        assert_eq!(instant("Europe/Paris", date(2027, 1, 12)), "2027-01-12T08:00:00Z");
        assert_eq!(instant("Asia/Kathmandu", date(2027, 5, 12)), "2027-05-12T03:15:00Z");
        assert_eq!("Mars/Olympus".parse::<Zone>(), Err(Invalid::TimeZone));
    }

    #[test]
    fn a_day_is_the_shops() {
        let late: Timestamp = "2026-12-31T23:30:00Z".parse().unwrap();
        assert_eq!("Europe/Paris".parse::<Zone>().unwrap().day(late), date(2027, 1, 1));
    }
}
