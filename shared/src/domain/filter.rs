//! Filters of the customers' list (L04–L06): any of them together.
//!
//! Whether a customer is chosen is decided here and nowhere else: from the facets of an index or of
//! the record itself, which are the same.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Channel, ConsentState, CustomerStatus, EmailStatus, Facets, GroupId, Invalid, Language, Region, Segment, Settings,
    TagId, Temperature,
};

/// Which group: one, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupChoice {
    /// Customers of no group.
    None,
    /// Customers of this one.
    In(GroupId),
}

impl std::str::FromStr for GroupChoice {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text == "none" { Ok(Self::None) } else { text.parse().map(Self::In) }
    }
}

/// What was said to marketing by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChoice {
    /// Yes.
    Granted,
    /// No longer.
    Withdrawn,
    /// Nothing yet.
    None,
}

/// A month of the year, 1 to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(i8);

impl std::str::FromStr for Month {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let month = text.parse().ok().filter(|month| (1..=12).contains(month));
        month.map(Self).ok_or(Invalid::OutOfRange { min: 1, max: 12 })
    }
}

/// Who is wanted. What is `None` does not matter; days are the shop's, and both ends of a range
/// are in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Whether they buy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CustomerStatus>,
    /// How interested they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Temperature>,
    /// A tag that stands today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<TagId>,
    /// Their group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupChoice>,
    /// A segment they are in today, be it the primary one or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// Their language: `fr` is every French, `fr-CA` only that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What they said to marketing by e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentChoice>,
    /// Whether the address is known to be theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_status: Option<EmailStatus>,
    /// First heard of on this day or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_contact_from: Option<Date>,
    /// First heard of on this day or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_contact_to: Option<Date>,
    /// Last ordered on this day or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_order_from: Option<Date>,
    /// Last ordered on this day or earlier: who has never ordered is not meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_order_to: Option<Date>,
    /// The region of one of their addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Something was ordered through it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The month of their birthday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday_month: Option<Month>,
    /// Whether the shop does not serve them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
}

impl Filter {
    /// Whether only the status matters, if anything.
    pub fn is_status_only(&self) -> bool {
        Self { status: None, ..self.clone() } == Self::default()
    }

    /// Whether it chooses by what those without contact data may not see.
    pub fn reveals_contact_data(&self) -> bool {
        self.region.is_some() || self.birthday_month.is_some()
    }

    /// Whether the customer with these facets is wanted on `today`, in the shop's zone.
    pub fn matches(&self, facets: &Facets, on: ShopDay<'_>) -> bool {
        wanted(self.status, facets.status)
            && wanted(self.email_status, facets.email_status)
            && wanted(self.blocked, facets.blocked)
            && self.temperature.is_none_or(|wanted| facets.temperature == Some(wanted))
            && self.birthday_month.is_none_or(|wanted| facets.birthday_month == Some(wanted.0))
            && self.consent.is_none_or(|wanted| wanted == consent(facets.marketing))
            && self.group.is_none_or(|wanted| wanted == facets.group.map_or(GroupChoice::None, GroupChoice::In))
            && self.language.as_ref().is_none_or(|wanted| speaks(&facets.language, wanted))
            && self.region.as_ref().is_none_or(|wanted| facets.regions.contains(wanted))
            && self.channel.is_none_or(|wanted| facets.bought.through(wanted))
            && within(self.first_contact_from, self.first_contact_to, Some(facets.first_contact.0))
            && within(self.last_order_from, self.last_order_to, facets.bought.last_on())
            && self.tag.as_ref().is_none_or(|wanted| facets.has_tag(wanted, on.today))
            && self.segment.is_none_or(|wanted| facets.bought.is_in(wanted, on.settings, on.today))
    }
}

/// A day in a shop, with the rules that hold there.
#[derive(Debug, Clone, Copy)]
pub struct ShopDay<'a> {
    /// The shop's rules.
    pub settings: &'a Settings,
    /// The day, in the shop's zone.
    pub today: Date,
}

fn wanted<T: PartialEq>(wanted: Option<T>, value: T) -> bool {
    wanted.is_none_or(|wanted| wanted == value)
}

fn consent(state: Option<ConsentState>) -> ConsentChoice {
    match state {
        Some(ConsentState::Granted) => ConsentChoice::Granted,
        Some(ConsentState::Withdrawn) => ConsentChoice::Withdrawn,
        None => ConsentChoice::None,
    }
}

fn speaks(language: &Language, wanted: &Language) -> bool {
    language == wanted || wanted.as_str() == language.primary()
}

/// Whether `day` lies in a range that may be open at its ends; no day lies in the one without any.
fn within(from: Option<Date>, to: Option<Date>, day: Option<Date>) -> bool {
    match day {
        None => from.is_none() && to.is_none(),
        Some(day) => from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to),
    }
}

#[cfg(test)]
mod tests;
