//! How a shop's e-mails look: its name, logo, colour and address. Every text colour is
//! derived so that it keeps a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3) in light and in dark,
//! whatever colour the shop chose.

use minijinja::{Value, context};

use super::link::Link;
use crate::domain::{Colour, Logo, Settings};

/// What every e-mail of a shop shares.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub(super) shop_name: &'a str,
    pub(super) logo: Option<Link<'a>>,
    pub(super) colour: Rgb,
    pub(super) postal_address: Option<&'a str>,
}

impl<'a> Look<'a> {
    /// The look of the shop with these settings.
    #[must_use]
    pub fn of(settings: &'a Settings) -> Self {
        let logo = settings.logo.as_ref().map(Logo::as_str).and_then(|address| Link::new(address).ok());
        let address = settings.postal_address.as_ref().map(|address| address.expose());
        Self::new(settings.name.expose(), logo, settings.colour.unwrap_or(Colour::DEFAULT), address)
    }

    /// The postal address may have several lines. The logo is the only thing a mail fetches: leave it out
    /// and there is no request at all.
    #[must_use]
    pub fn new(shop_name: &'a str, logo: Option<Link<'a>>, colour: Colour, postal_address: Option<&'a str>) -> Self {
        Self { shop_name, logo, colour: Rgb(colour.channels()), postal_address }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb([u8; 3]);

/// The colours of one mode, as CSS.
#[derive(Debug)]
pub(super) struct Palette {
    page: String,
    card: String,
    rule: String,
    ink: String,
    soft: String,
    accent: String,
    button: String,
    button_ink: String,
}

const BLACK: Rgb = Rgb([0x11, 0x13, 0x16]);
const WHITE: Rgb = Rgb([0xff; 3]);
const ENOUGH: f64 = 4.5;

/// The least contrast of what is no text with its ground (WCAG 2.2, 1.4.11).
const SEEN: f64 = 3.0;

struct Mode {
    page: Rgb,
    card: Rgb,
    rule: Rgb,
    ink: Rgb,
    soft: Rgb,
}

const LIGHT: Mode = Mode {
    page: Rgb([0xf3, 0xf4, 0xf6]),
    card: WHITE,
    rule: Rgb([0xe3, 0xe5, 0xe8]),
    ink: Rgb([0x1f, 0x23, 0x28]),
    soft: Rgb([0x57, 0x5e, 0x68]),
};

const DARK: Mode = Mode {
    page: Rgb([0x15, 0x17, 0x1a]),
    card: Rgb([0x21, 0x25, 0x2a]),
    rule: Rgb([0x3a, 0x40, 0x47]),
    ink: Rgb([0xf1, 0xf2, 0xf4]),
    soft: Rgb([0xb3, 0xba, 0xc3]),
};

impl Palette {
    /// The light palette: the button wears the shop's colour itself, unless it would not be seen on the
    /// card; text a darker one if need be.
    pub(super) fn light(colour: Rgb) -> Self {
        Self::of(&LIGHT, colour.toward(BLACK, LIGHT.page, ENOUGH), colour.toward(BLACK, LIGHT.card, SEEN))
    }

    /// The dark palette: the shop's colour is lifted until it can be read, buttons too.
    pub(super) fn dark(colour: Rgb) -> Self {
        let lifted = colour.toward(WHITE, DARK.card, ENOUGH);
        Self::of(&DARK, lifted, lifted)
    }

    /// As templates read it.
    pub(super) fn value(self) -> Value {
        let Self { page, card, rule, ink, soft, accent, button, button_ink } = self;
        context! { page, card, rule, ink, soft, accent, button, button_ink }
    }

    fn of(mode: &Mode, accent: Rgb, button: Rgb) -> Self {
        let button_ink = if button.contrast(WHITE) >= ENOUGH { WHITE } else { Rgb([0; 3]) };
        Self {
            page: mode.page.css(),
            card: mode.card.css(),
            rule: mode.rule.css(),
            ink: mode.ink.css(),
            soft: mode.soft.css(),
            accent: accent.css(),
            button: button.css(),
            button_ink: button_ink.css(),
        }
    }
}

impl Rgb {
    fn css(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// The colour itself, or the nearest mix with `end` that has `contrast` on `ground`.
    fn toward(self, end: Self, ground: Self, contrast: f64) -> Self {
        (0..=20).map(|step| self.mix(end, step)).find(|c| c.contrast(ground) >= contrast).unwrap_or(end)
    }

    fn mix(self, end: Self, twentieths: u16) -> Self {
        let mut mixed = self.0;
        for (channel, end) in mixed.iter_mut().zip(end.0) {
            let sum = u16::from(*channel) * (20 - twentieths) + u16::from(end) * twentieths;
            *channel = u8::try_from(sum / 20).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.0722f64.mul_add(blue, 0.2126f64.mul_add(red, 0.7152 * green))
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_text_can_be_read_whatever_the_colour(colour: [u8; 3]) {
            for palette in [Palette::light(Rgb(colour)), Palette::dark(Rgb(colour))] {
                let rgb = |css: &str| Rgb(css.parse::<Colour>().unwrap().channels());
                let read = |text: &str, ground: &str| rgb(text).contrast(rgb(ground));
                for text in [&palette.ink, &palette.soft, &palette.accent] {
                    prop_assert!(read(text, &palette.card) >= ENOUGH, "{palette:?}");
                    prop_assert!(read(text, &palette.page) >= ENOUGH, "{palette:?}");
                }
                prop_assert!(read(&palette.button_ink, &palette.button) >= ENOUGH, "{palette:?}");
                prop_assert!(read(&palette.button, &palette.card) >= SEEN, "{palette:?}");
            }
        }
    }
}
