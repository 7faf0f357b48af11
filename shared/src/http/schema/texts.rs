//! Ids, names, addresses and other text.

use std::borrow::Cow;
use std::str::FromStr;

use utoipa::openapi::schema::{ObjectBuilder, Schema};
use utoipa::openapi::{KnownFormat, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use super::{AnySchema, Described, described, string};
use crate::domain::{
    AuditId, Birthday, Colour, ConsentId, ConsentRequestId, Country, Currency, CustomerId, Destination, DraftId,
    EmailAddress, ExportId, FormId, GroupChoice, GroupId, ImageId, JobId, Language, Line, Logo, MessageId, Name,
    NoteId, OrderId, OrderLinkId, OrderNumber, Origin, Phone, Postcode, ProductId, Region, ShopId, SubmissionId, TagId,
    Text, VatNumber, Zone,
};

/// One line with something on it: no control characters.
const LINE: &str = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$";
/// Text with something in it: line breaks and tabs, no other control characters.
const TEXT: &str =
    r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$";

/// The codes of `letters` capitals that the type takes.
fn codes<T: FromStr>(schema: ObjectBuilder, letters: u32) -> ObjectBuilder {
    let letter = |number: usize, place: u32| char::from(b'A' + (number / 26_usize.pow(place) % 26) as u8);
    let code = |number| (0..letters).rev().map(|place| letter(number, place)).collect::<String>();
    schema.enum_values(Some((0..26_usize.pow(letters)).map(code).filter(|code| code.parse::<T>().is_ok())))
}

/// The secret in the path of a public page; the example opens nothing.
pub(in crate::http) fn token() -> AnySchema {
    let token = string("The secret part of a link.", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    token.pattern(Some("^[a-z2-7]{32}$")).into()
}

fn ulid(description: &str) -> ObjectBuilder {
    let example = "01JDGQ6Z9W7Q3V5D8N4R2T6X1B";
    // 26 characters hold 130 bits, a ULID 128: the first is no more than 7.
    string(description, example).pattern(Some("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"))
}

fn slug(description: &str, example: &str) -> ObjectBuilder {
    string(description, example).pattern(Some("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"))
}

fn line(max: usize) -> ObjectBuilder {
    bounded(string("One line, trimmed, without control characters.", "Café du Port"), max).pattern(Some(LINE))
}

fn bounded(text: ObjectBuilder, max: usize) -> ObjectBuilder {
    text.min_length(Some(1)).max_length(Some(max))
}

described! {
    AuditId => ulid("An audit entry.");
    ConsentId => ulid("A piece of consent evidence.");
    ConsentRequestId => ulid("A link that asks for a consent.");
    CustomerId => ulid("A customer.");
    DraftId => ulid("A quick order in the making.");
    ExportId => ulid("An export job.");
    JobId => ulid("A job of more than one transaction.");
    GroupId => ulid("A group.");
    ImageId => string("An image.", "aaaaaaaaaaaaaaaaaaaaaaaaaa").pattern(Some("^[a-z2-7]{25}[aeimquy4]$"));
    MessageId => ulid("An e-mail to one person.");
    NoteId => ulid("A note.");
    OrderId => ulid("An order.");
    OrderLinkId => ulid("A magic link.");
    OrderNumber => string("The number of an order, as people say it.", "261122-7F3K2M")
        .pattern(Some("^[0-9]{6}-[0-9A-Za-z]{6}$"));
    ProductId => ulid("A product.");
    SubmissionId => ulid("What a form sent, once.");
    FormId => slug("A form.", "contact");
    ShopId => slug("A shop.", "main");

    Name => line(200).description(Some("What a person or a company is called.")).examples(["Élodie Lefèvre"]);
    EmailAddress => bounded(string("An e-mail address (RFC 5321, RFC 6531).", "elodie@example.com"), Self::MAX_BYTES)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)));
    Phone => bounded(string("A telephone number; without a prefix, as dialled in the country.", "+33612345678"), 100);
    Postcode => line(12).description(Some("A postcode, as the country writes it.")).examples(["29200"]);
    VatNumber => line(24).description(Some("A VAT number, as the country writes it.")).examples(["FR40303265045"]);
    TagId => line(Self::MAX).description(Some("A tag, built in or the shop's own.")).examples(["vip"]);
    GroupChoice => string("A group, or `none`.", "none").pattern(Some("^(none|[0-7][0-9A-HJKMNP-TV-Z]{25})$"));
    Region => line(100).description(Some("A region of an address, whatever its case and accents.")).examples(["Bretagne"]);
    Colour => string("A colour, as red, green and blue.", "#c8811a").pattern(Some("^#[0-9A-Fa-f]{6}$"));
    Logo => bounded(string("The address of an image, https and of ASCII alone.", "https://www.example.com/logo.png"), Self::MAX)
        .pattern(Some(r"^https://[A-Za-z0-9\[][!#-&(-;=?-\[\]_a-z~]*$"));
    Country => codes::<Self>(string("ISO 3166-1 alpha-2.", "FR"), 2);
    Currency => codes::<Self>(string("ISO 4217.", "EUR"), 3);
    Language => bounded(string("A language tag (BCP 47).", "fr-CA"), 35).pattern(Some("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"));
    Birthday => string("A birthday, with or without its year.", "--05-12")
        .pattern(Some("^([0-9]{4}|-)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"));
    Origin => string("A site, without a path: scheme, host and, where it is unusual, port.", "https://www.example.com")
        .pattern(Some("^https?://[^/?#@]+$"));
    Destination => bounded(string("A web address, or one of the same site, from `/` on.", "/merci"), Self::MAX);
    Zone => bounded(string("A time zone (IANA).", "Europe/Paris"), 100);
}

macro_rules! of_any_length {
    ($($name:ident => $schema:expr;)*) => {$(
        impl<const MAX: usize> PartialSchema for $name<MAX> {
            fn schema() -> AnySchema {
                Schema::Object($schema.build()).into()
            }
        }

        impl<const MAX: usize> ToSchema for $name<MAX> {
            fn name() -> Cow<'static, str> {
                format!("{}{MAX}", stringify!($name)).into()
            }
        }

        impl<const MAX: usize> Described for $name<MAX> {
            fn schema() -> AnySchema {
                <Self as PartialSchema>::schema()
            }

            fn name() -> Option<Cow<'static, str>> {
                Some(<Self as ToSchema>::name())
            }
        }
    )*};
}

of_any_length! {
    Line => line(MAX);
    Text => bounded(string("Text, which may have several lines.", "Rappeler avant Noël."), MAX).pattern(Some(TEXT));
}
