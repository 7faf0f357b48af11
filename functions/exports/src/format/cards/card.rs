//! One customer's card: what stands on it, and where, before it has a place on a page.

use shared::domain::{
    Birthday, ConsentPurpose, Customer, CustomerStatus, Line, Locale, Money, PostalAddress, Segment, Segments, ShopDay,
};
use shared::wording::{day, say};

use super::typeface::{Typeface, Weight};

/// The space between a card's border and what stands in it.
pub const PADDING: f32 = 8.0;

/// How wide the names of fields are, with the space after them.
const NAMES: f32 = 88.0;

/// The most lines of one value: enough for what people have, and so few that no card is longer than
/// a page.
const MOST_LINES: usize = 7;

/// How a text is set.
struct Style {
    weight: Weight,
    size: f32,
    /// From 0, black, to 1.
    grey: f32,
}

const NAME: Style = Style { weight: Weight::Bold, size: 11.0, grey: 0.0 };
const COMPANY: Style = Style { weight: Weight::Regular, size: 9.0, grey: 0.0 };
const FIELD: Style = Style { weight: Weight::Regular, size: 7.5, grey: 0.35 };
const VALUE: Style = Style { weight: Weight::Regular, size: 8.5, grey: 0.0 };

/// How far apart lines are, in sizes.
const LEADING: f32 = 1.32;

/// A line of text in its place.
pub struct Piece {
    /// From the card's left.
    pub x: f32,
    /// From the card's top down to the line the letters stand on.
    pub y: f32,
    pub weight: Weight,
    pub size: f32,
    pub grey: f32,
    pub text: String,
}

/// Both weights, as whoever sets text needs them.
pub struct Typefaces {
    pub regular: Typeface,
    pub bold: Typeface,
}

impl Typefaces {
    pub fn of(&self, weight: Weight) -> &Typeface {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    pub fn of_mut(&mut self, weight: Weight) -> &mut Typeface {
        match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        }
    }
}

/// A card on its way to a page.
pub struct Card {
    pub pieces: Vec<Piece>,
    pub height: f32,
}

impl Card {
    /// The card of `customer` in a shop on a day, `width` wide.
    pub fn of(typefaces: &Typefaces, locale: Locale, customer: &Customer, on: ShopDay<'_>, width: f32) -> Self {
        let mut card = Self { pieces: Vec::new(), height: PADDING };
        let inner = width - 2.0 * PADDING;
        card.text(typefaces, &NAME, PADDING, inner, customer.name.expose());
        for line in [&customer.company, &customer.contact_person].into_iter().flatten() {
            card.text(typefaces, &COMPANY, PADDING, inner, line.expose());
        }
        card.height += 3.0;
        for (name, value) in fields(locale, customer, on) {
            // The name of a field and its value stand on one line.
            let top = card.height;
            card.text(typefaces, &FIELD, PADDING, NAMES - 4.0, &say(locale, name, &[]));
            if let Some(name) = card.pieces.last_mut() {
                name.y += (VALUE.size - FIELD.size) * 0.9;
            }
            card.height = top;
            card.text(typefaces, &VALUE, PADDING + NAMES, inner - NAMES, &value);
        }
        card.height += PADDING - 2.0;
        card
    }

    /// Sets `text` under what the card has, `width` wide from `x`.
    fn text(&mut self, typefaces: &Typefaces, style: &Style, x: f32, width: f32, text: &str) {
        let Style { weight, size, grey } = *style;
        for text in lines(typefaces.of(weight), size, width, text) {
            self.pieces.push(Piece { x, y: self.height + size * 0.95, weight, size, grey, text });
            self.height += size * LEADING;
        }
    }
}

/// What is known of the customer: the key of each field's name, and its value.
fn fields(locale: Locale, customer: &Customer, on: ShopDay<'_>) -> Vec<(&'static str, String)> {
    let said = |key| say(locale, key, &[]);
    let address = |address: &PostalAddress| address.lines_from(on.settings.country).join("\n");
    let figures = &customer.figures;
    let tags = customer.tags.on(on.today).map(|(tag, mark)| {
        let own = mark.label.as_ref().map(Line::expose);
        own.or(tag.label(locale)).unwrap_or(tag.as_str()).to_owned()
    });
    let tags: Vec<String> = tags.collect();
    let segments = Segments::of(figures, on.settings.currency, &on.settings.thresholds, on.today);
    let marketing = customer.consents.granted(ConsentPurpose::MarketingEmail);
    let known = [
        ("cards-email", Some(customer.email.expose().to_owned())),
        ("cards-phone", customer.phone.as_ref().map(|phone| phone.expose().to_owned())),
        ("cards-delivery", customer.delivery_address.as_ref().map(address)),
        ("cards-billing", customer.billing_address.as_ref().map(address)),
        ("cards-birthday", customer.birthday.map(|birthday| birthday_of(locale, birthday))),
        ("cards-status", Some(status(locale, customer))),
        ("cards-segment", segments.primary().map(|segment| said(segment_key(segment)))),
        ("cards-orders", (figures.orders > 0).then(|| orders(locale, customer))),
        ("cards-last-order", figures.last_order_on().map(|last| day(locale, last))),
        ("cards-tags", (!tags.is_empty()).then(|| tags.join(", "))),
        ("cards-marketing", Some(said(if marketing { "cards-yes" } else { "cards-no" }))),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn status(locale: Locale, customer: &Customer) -> String {
    match customer.status {
        CustomerStatus::Current => say(locale, "cards-status-current", &[]),
        CustomerStatus::Potential => say(locale, "cards-status-potential", &[]),
    }
}

fn segment_key(segment: Segment) -> &'static str {
    match segment {
        Segment::Inactive => "cards-segment-inactive",
        Segment::Vip => "cards-segment-vip",
        Segment::Regular => "cards-segment-regular",
        Segment::New => "cards-segment-new",
        Segment::Occasional => "cards-segment-occasional",
    }
}

/// How many orders there are, and what they come to in each currency.
fn orders(locale: Locale, customer: &Customer) -> String {
    let figures = &customer.figures;
    let totals = figures.totals.iter().filter_map(|(currency, minor)| Money::new(*minor, *currency).ok());
    let totals: Vec<String> = totals.map(|total| total.display(locale)).collect();
    format!("{}  ·  {}", figures.orders, totals.join(" + "))
}

/// The day as it is written out, with the year where it is known.
fn birthday_of(locale: Locale, birthday: Birthday) -> String {
    // Any leap year knows every birthday.
    const LEAP_YEAR: i16 = 2000;
    match String::from(birthday).parse() {
        Ok(date) => day(locale, date),
        Err(_) => day(locale, birthday.in_year(LEAP_YEAR)).trim_end_matches(" 2000").to_owned(),
    }
}

/// `text` in lines no wider than `width`: broken between words, and within one where it is wider.
fn lines(typeface: &Typeface, size: f32, width: f32, text: &str) -> Vec<String> {
    let fits = |line: &str| typeface.width(line, size) <= width;
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if fits(&longer) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if !fits(&line) && line.chars().nth(1).is_some() {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            while !fits(&format!("{last}…")) && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}
