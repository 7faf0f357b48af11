//! Enumerations: their values are asked of serde, which reads and writes them.

use serde::de::value::Error;
use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::described;
use crate::domain::{
    Channel, ConsentChoice, ConsentMethod, ConsentPurpose, ConsentState, ContactChannel, CustomerStatus, DueKind,
    EmailStatus, ExportFormat, ExportWhat, FormField, ImageFormat, InteractionKind, LeapDay, Locale, MessageClass,
    MessageKind, OrderNews, OrderState, PaymentMethod, Priority, RecordField, Segment, Slot, SubmissionState,
    Suspicion, Temperature,
};

/// The schema of an enumeration whose values serde reads by name; empty for any other type.
pub fn choices<T: DeserializeOwned>() -> ObjectBuilder {
    let mut names: &'static [&'static str] = &[];
    // Ends with an error, since there is nothing to read; the names were told before.
    drop(T::deserialize(Asked { names: &mut names }));
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names.iter().copied()))
        .examples(names.first().copied())
}

/// A deserializer that holds nothing and keeps the names it is asked to choose from.
struct Asked<'a> {
    names: &'a mut &'static [&'static str],
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.names = variants;
        self.deserialize_any_of()
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        self.deserialize_any_of()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl Asked<'_> {
    fn deserialize_any_of<T>(self) -> Result<T, Error> {
        Err(serde::de::Error::custom("nothing is there"))
    }
}

described! {
    Channel => choices::<Self>().description(Some("Where a purchase was made."));
    ConsentChoice => choices::<Self>().description(Some("What was said to marketing by e-mail."));
    ConsentMethod => choices::<Self>().description(Some("How it was said.")).examples(["in_person"]);
    ConsentPurpose => choices::<Self>().description(Some("What a consent is about."));
    ConsentState => choices::<Self>().description(Some("Whether it was given or taken back."));
    ContactChannel => choices::<Self>().description(Some("A way to be written to."));
    CustomerStatus => choices::<Self>().description(Some("Whether the customer buys, or is a lead."));
    EmailStatus => choices::<Self>().description(Some("What became of mails to the address."));
    DueKind => choices::<Self>().description(Some("An automation.")).examples(["birthday"]);
    ExportFormat => choices::<Self>().description(Some("The form of the file."));
    ExportWhat => choices::<Self>().description(Some("What is exported."));
    FormField => choices::<Self>().description(Some("What a field of a form means."));
    ImageFormat => choices::<Self>().description(Some("What an image is written in."));
    InteractionKind => choices::<Self>().description(Some("What happened."));
    Locale => choices::<Self>().description(Some("A language that mails and pages are written in."));
    MessageClass => choices::<Self>().description(Some("What law an e-mail is under."));
    MessageKind => choices::<Self>().description(Some("What an e-mail is about.")).examples(["birthday"]);
    PaymentMethod => choices::<Self>().description(Some("How it was paid."));
    LeapDay => choices::<Self>().description(Some("When 29 February is kept in common years."));
    OrderNews => choices::<Self>().description(Some("What an order on its way comes to."));
    OrderState => choices::<Self>().description(Some("How far the order has come."));
    Priority => choices::<Self>().description(Some("How urgent a note is."));
    RecordField => choices::<Self>().description(Some("A field of a customer.")).examples(["birthday"]);
    Segment => choices::<Self>().description(Some("A segment by what was bought."));
    Slot => choices::<Self>().description(Some("A text of an e-mail that a shop may change."));
    SubmissionState => choices::<Self>().description(Some("Whether a submission is a customer's, or suspected."));
    Suspicion => choices::<Self>().description(Some("Why a submission is suspected to be junk."));
    Temperature => choices::<Self>().description(Some("How interested a lead is."));
}
