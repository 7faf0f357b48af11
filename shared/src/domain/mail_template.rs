//! What a shop changes of its mails: some texts of a kind, in one language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Locale, MessageKind, ShopId};

/// A text of an e-mail that a shop may change; which kind has which: [`MessageKind::slots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The subject line.
    Subject,
    /// The title at the top of the mail.
    Heading,
    /// The first paragraphs.
    Intro,
    /// The last paragraph.
    Closing,
    /// The gift in a commercial mail.
    Offer,
}

impl Slot {
    /// Every text, in the order in which a mail shows them.
    pub const ALL: [Self; 5] = [Self::Subject, Self::Heading, Self::Intro, Self::Closing, Self::Offer];

    /// The name in storage and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Heading => "heading",
            Self::Intro => "intro",
            Self::Closing => "closing",
            Self::Offer => "offer",
        }
    }

    /// How many characters its source may have.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::Subject | Self::Heading => 150,
            Self::Intro | Self::Closing => 2000,
            Self::Offer => 500,
        }
    }
}

/// A shop's own texts for one kind and language, as they are written: what they may hold is checked
/// when they are saved (`email::check_slot`).
pub type Slots = BTreeMap<Slot, String>;

/// A shop's own texts, with what they are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTemplate {
    /// The shop.
    pub shop: ShopId,
    /// The kind of mail.
    pub kind: MessageKind,
    /// The language they are in.
    pub language: Locale,
    /// Raised by every change; 0 until the first. It goes on when the texts are taken back, so that no
    /// version ever stands for two.
    pub version: u64,
    /// The texts; ours stand where there is none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slots: Slots,
}

impl MailTemplate {
    /// A kind as no shop has changed it.
    pub fn untouched(shop: ShopId, kind: MessageKind, language: Locale) -> Self {
        Self { shop, kind, language, version: 0, slots: Slots::new() }
    }

    /// The next version, with these texts and no others.
    pub fn with(&self, slots: Slots) -> Self {
        Self { version: self.version + 1, slots, ..self.clone() }
    }
}
