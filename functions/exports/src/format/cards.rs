//! Customers as cards to print: a PDF of A4 pages, two columns of cards on each.
//!
//! A card says who somebody is, how to reach them and what their orders come to; never a note. It is
//! as high as what is known, and never broken between pages. The font knows the Latin, Greek and
//! Cyrillic scripts, set from left to right; a character of another is an empty box to the eye, and
//! itself to whoever searches or copies.

mod card;
mod typeface;

use jiff::Timestamp;
use pdf_writer::{Content, Date as PdfDate, Filter, Finish, Pdf, Rect, Ref, Str, TextStr};
use shared::domain::{Customer, Locale, Settings, ShopDay};
use shared::wording::{moment, say};

use self::card::{Card, Typefaces};
use self::typeface::{Typeface, Weight, packed};

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 36.0;
/// Between columns, and between the cards of one.
const GAP: f32 = 9.0;
/// What the heading takes, its rule and the space under it included.
const HEADING: f32 = 44.0;
const COLUMN: f32 = (PAGE.0 - 2.0 * MARGIN - GAP) / 2.0;
/// How far up from a page's bottom its cards begin and end.
const TOP: f32 = PAGE.1 - MARGIN - HEADING;
const BOTTOM: f32 = MARGIN;

/// A list of cards under way.
pub struct Cards {
    locale: Locale,
    shop: String,
    made: String,
    made_at: Timestamp,
    typefaces: Typefaces,
    /// The pages that are full, as they are kept in the file; their headings come last, since they
    /// tell how many pages there are.
    full: Vec<Vec<u8>>,
    page: Content,
    /// Where the next card goes: 0 is the left column.
    column: u8,
    y: f32,
}

impl Cards {
    /// A list of cards of the shop, made at `at`, in the shop's language.
    pub fn begin(settings: &Settings, at: Timestamp) -> Self {
        let locale = settings.locale(&settings.language());
        let moment = moment(locale, &at.to_zoned(settings.zone.time_zone().clone()));
        Self {
            locale,
            shop: settings.name.expose().to_owned(),
            made: say(locale, "cards-made", &[("moment", &moment)]),
            made_at: at,
            typefaces: Typefaces { regular: Typeface::new(Weight::Regular), bold: Typeface::new(Weight::Bold) },
            full: Vec::new(),
            page: Content::new(),
            column: 0,
            y: TOP,
        }
    }

    /// Adds the card of `customer` as it is on a day.
    pub fn card(&mut self, customer: &Customer, on: ShopDay<'_>) {
        let card = Card::of(&self.typefaces, self.locale, customer, on, COLUMN);
        if self.y - card.height < BOTTOM {
            if self.column == 0 {
                self.column = 1;
            } else {
                self.turn();
            }
            self.y = TOP;
        }
        let left = MARGIN + f32::from(self.column) * (COLUMN + GAP);
        self.page.set_stroke_gray(0.7).set_line_width(0.5);
        self.page.rect(left, self.y - card.height, COLUMN, card.height).stroke();
        for piece in &card.pieces {
            let typeface = self.typefaces.of_mut(piece.weight);
            show(&mut self.page, typeface, piece.size, piece.grey, (left + piece.x, self.y - piece.y), &piece.text);
        }
        self.y -= card.height + GAP;
    }

    /// Ends the page.
    fn turn(&mut self) {
        let page = std::mem::replace(&mut self.page, Content::new());
        self.full.push(packed(page.finish().as_slice()));
        self.column = 0;
    }

    /// The finished file.
    ///
    /// # Errors
    /// What the subsetter says of the font.
    pub fn finish(mut self) -> Result<Vec<u8>, subsetter::Error> {
        if self.y == TOP && self.full.is_empty() {
            let none = say(self.locale, "cards-none", &[]);
            show(&mut self.page, &mut self.typefaces.regular, 10.0, 0.0, (MARGIN, TOP - 12.0), &none);
        }
        self.turn();
        let mut pdf = Pdf::new();
        let mut last = Ref::new(1);
        let mut next = || last.bump();
        let [catalog, tree, information, regular, bold] = std::array::from_fn(|_| next());
        let bodies = std::mem::take(&mut self.full);
        let pages: Vec<Ref> = bodies.iter().map(|_| next()).collect();
        for (number, (page, body)) in (1..).zip(pages.iter().zip(&bodies)) {
            let contents = [next(), next()];
            let heading = self.heading(number, bodies.len());
            pdf.stream(contents[0], &packed(&heading)).filter(Filter::FlateDecode);
            pdf.stream(contents[1], body).filter(Filter::FlateDecode);
            let mut page = pdf.page(*page);
            page.parent(tree).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents_array(contents);
            let (regular_name, bold_name) = (self.typefaces.regular.name(), self.typefaces.bold.name());
            page.resources().fonts().pair(regular_name, regular).pair(bold_name, bold);
        }
        pdf.pages(tree).count(i32::try_from(pages.len()).unwrap_or(i32::MAX)).kids(pages);
        self.describe(&mut pdf, catalog, tree, information);
        self.typefaces.regular.embed(&mut pdf, regular, &mut next)?;
        self.typefaces.bold.embed(&mut pdf, bold, &mut next)?;
        Ok(pdf.finish())
    }

    fn describe(&self, pdf: &mut Pdf, catalog: Ref, tree: Ref, information: Ref) {
        let title = format!("{}, {}", say(self.locale, "cards-title", &[]), self.shop);
        let mut root = pdf.catalog(catalog);
        root.pages(tree).lang(TextStr(self.locale.tag()));
        root.viewer_preferences().display_doc_title(true);
        root.finish();
        let made = self.made_at.to_zoned(jiff::tz::TimeZone::UTC);
        let part = |number: i8| number.unsigned_abs();
        let date = PdfDate::new(made.year().unsigned_abs())
            .month(part(made.month()))
            .day(part(made.day()))
            .hour(part(made.hour()))
            .minute(part(made.minute()))
            .second(part(made.second()))
            .utc_offset_hour(0);
        pdf.document_info(information).title(TextStr(&title)).producer(TextStr("Clientele")).creation_date(date);
    }

    /// Whose cards these are, when they were made, and which of how many pages this is.
    fn heading(&mut self, number: usize, pages: usize) -> Vec<u8> {
        let (number, pages) = (number.to_string(), pages.to_string());
        let page = say(self.locale, "cards-page", &[("number", &number), ("pages", &pages)]);
        let title = say(self.locale, "cards-title", &[]);
        let Typefaces { regular, bold } = &mut self.typefaces;
        let (right, first, second) = (PAGE.0 - MARGIN, PAGE.1 - MARGIN - 12.0, PAGE.1 - MARGIN - 26.0);
        let room = right - MARGIN - bold.width(&title, 13.0) - 2.0 * GAP;
        let shop = fitted(bold, 13.0, room, &self.shop);
        let mut heading = Content::new();
        let mut at_right = |typeface: &mut Typeface, size, grey, y, text: &str| {
            let x = right - typeface.width(text, size);
            show(&mut heading, typeface, size, grey, (x, y), text);
        };
        at_right(bold, 13.0, 0.0, first, &title);
        at_right(regular, 8.5, 0.35, second, &page);
        show(&mut heading, bold, 13.0, 0.0, (MARGIN, first), &shop);
        show(&mut heading, regular, 8.5, 0.35, (MARGIN, second), &self.made);
        heading.set_line_width(1.0).set_stroke_gray(0.0);
        heading.move_to(MARGIN, second - 7.0).line_to(right, second - 7.0).stroke();
        heading.finish().into_vec()
    }
}

/// Shows one line of text.
fn show(content: &mut Content, typeface: &mut Typeface, size: f32, grey: f32, (x, y): (f32, f32), text: &str) {
    let letters = typeface.encode(text);
    content.begin_text().set_font(typeface.name(), size).set_fill_gray(grey);
    content.next_line(x, y).show(Str(&letters)).end_text();
}

/// As much of `text` as has room.
fn fitted(typeface: &Typeface, size: f32, room: f32, text: &str) -> String {
    let mut fitted = text.to_owned();
    let mut kept: Vec<char> = text.chars().collect();
    while typeface.width(&fitted, size) > room && kept.pop().is_some() {
        fitted = format!("{}…", kept.iter().collect::<String>().trim_end());
    }
    fitted
}

#[cfg(test)]
mod tests;
