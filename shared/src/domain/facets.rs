//! What a customer is chosen by in lists: the record's own facts, in a form short enough for an
//! index that is read whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{self, Date};
use serde::{Deserialize, Serialize};

use super::{
    Channel, ConsentPurpose, ConsentState, Currency, Customer, CustomerStatus, EmailStatus, Figures, GroupId, Invalid,
    Language, Line, Segment, Segments, Settings, TagId, Temperature, fold,
};

/// What filters see of a customer. Its names are short where it is stored: an index of 50,000
/// customers holds each of them 50,000 times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// Whether they buy.
    #[serde(rename = "s")]
    pub status: CustomerStatus,
    /// How interested they are.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Temperature>,
    /// Their tags, with the last day of those that have one.
    #[serde(rename = "tg", default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(TagId, Option<Day>)>,
    /// Their group.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// What they read.
    #[serde(rename = "l")]
    pub language: Language,
    /// What they said to marketing by e-mail, if anything.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub marketing: Option<ConsentState>,
    /// Whether the address is known to be theirs.
    #[serde(rename = "e", default, skip_serializing_if = "is_default")]
    pub email_status: EmailStatus,
    /// The day they were first heard of.
    #[serde(rename = "f")]
    pub first_contact: Day,
    /// What they ordered.
    #[serde(rename = "b", default, skip_serializing_if = "is_default")]
    pub bought: Bought,
    /// The regions of their addresses.
    #[serde(rename = "r", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub regions: BTreeSet<Region>,
    /// The month of their birthday.
    #[serde(rename = "bm", default, skip_serializing_if = "Option::is_none")]
    pub birthday_month: Option<i8>,
    /// Whether the shop does not serve them.
    #[serde(rename = "x", default, skip_serializing_if = "is_default")]
    pub blocked: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl From<&Customer> for Facets {
    fn from(customer: &Customer) -> Self {
        let addresses = [&customer.delivery_address, &customer.billing_address].into_iter().flatten();
        let regions = addresses.filter_map(|address| address.region.as_ref());
        Self {
            status: customer.status,
            temperature: customer.temperature,
            tags: customer.tags.iter().map(|(tag, mark)| (tag.clone(), mark.expires_on.map(Day))).collect(),
            group: customer.group,
            language: customer.language.clone(),
            marketing: customer.consents.get(ConsentPurpose::MarketingEmail).map(|consent| consent.state),
            email_status: customer.email_status,
            first_contact: Day(customer.first_contact),
            bought: Bought::of(&customer.figures),
            regions: regions.filter_map(|region| region.expose().parse().ok()).collect(),
            birthday_month: customer.birthday.map(|birthday| birthday.month()),
            blocked: customer.block.is_some(),
        }
    }
}

impl Facets {
    /// Whether `tag` stands on `today`.
    pub fn has_tag(&self, tag: &TagId, today: Date) -> bool {
        self.tags.iter().any(|(own, last)| own == tag && last.is_none_or(|last| last.0 >= today))
    }
}

/// A region as regions are compared: without case, accents and what stands between its words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(String);

impl FromStr for Region {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let line: Line<100> = text.parse()?;
        let folded = fold(line.expose());
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        if words.is_empty() { Err(Invalid::Empty) } else { Ok(Self(words.join(" "))) }
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Region(…)")
    }
}

/// What of a customer's [`Figures`] an index needs: enough to know the segments on any day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    #[serde(rename = "n")]
    orders: u32,
    #[serde(rename = "t", default, skip_serializing_if = "BTreeMap::is_empty")]
    totals: BTreeMap<Currency, i64>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    first_on: Option<Day>,
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    last_days: Vec<Day>,
    #[serde(rename = "c", default, skip_serializing_if = "BTreeSet::is_empty")]
    channels: BTreeSet<Channel>,
}

impl Bought {
    fn of(figures: &Figures) -> Self {
        Self {
            orders: figures.orders,
            totals: figures.totals.clone(),
            first_on: figures.first_order_on.map(Day),
            last_days: figures.last_days.iter().copied().map(Day).collect(),
            channels: figures.channels.clone(),
        }
    }

    /// Whether the customer is in `segment` on `today`, by the rules of the shop.
    pub fn is_in(&self, segment: Segment, settings: &Settings, today: Date) -> bool {
        let figures = Figures {
            orders: self.orders,
            totals: self.totals.clone(),
            first_order_on: self.first_on.map(|day| day.0),
            last_days: self.last_days.iter().map(|day| day.0).collect(),
            ..Figures::default()
        };
        let segments = Segments::of(&figures, settings.currency, &settings.thresholds, today);
        segments.iter().any(|of_customer| of_customer == segment)
    }

    /// The day of the newest order.
    pub fn last_on(&self) -> Option<Date> {
        self.last_days.first().map(|day| day.0)
    }

    /// Whether something was ordered through `channel`.
    pub fn through(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }
}

/// A calendar day, stored as the number of days since 1970: half as long as its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Day(pub Date);

impl Day {
    const FIRST: Date = civil::date(1970, 1, 1);
}

impl From<Day> for i32 {
    fn from(day: Day) -> Self {
        (day.0 - Day::FIRST).get_days()
    }
}

impl TryFrom<i32> for Day {
    type Error = jiff::Error;

    fn try_from(days: i32) -> Result<Self, jiff::Error> {
        Self::FIRST.checked_add(days.days()).map(Self)
    }
}
