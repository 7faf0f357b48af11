//! Why a value was refused.

/// Why a text or number is no value of its type. Each has a stable code for machines; `http`
/// turns it into a sentence in the caller's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Nothing was given where something is needed.
    #[error("must not be empty")]
    Empty,
    /// More characters than the field holds.
    #[error("is longer than {max} characters")]
    TooLong {
        /// The most characters (Unicode scalar values) allowed.
        max: usize,
    },
    /// A control character: NUL, escape, or a line break in a field of one line.
    #[error("contains a control character")]
    ControlCharacter,
    /// Not an e-mail address that can be delivered to (RFC 5321, RFC 6531).
    #[error("is not an e-mail address")]
    Email,
    /// Not a telephone number of its country (E.164).
    #[error("is not a telephone number")]
    Phone,
    /// Not an ISO 4217 code of a currency in use.
    #[error("is not an ISO 4217 currency code")]
    Currency,
    /// Not a well-formed BCP 47 tag.
    #[error("is not a BCP 47 language tag")]
    Language,
    /// Not an ISO 3166-1 alpha-2 code.
    #[error("is not an ISO 3166 country code")]
    Country,
    /// Not a calendar day as `YYYY-MM-DD`, or `--MM-DD` where the year may be left out.
    #[error("is not a date")]
    Date,
    /// Not an instant with its offset (RFC 3339).
    #[error("is not a date and time with its offset")]
    Instant,
    /// An instant that is too long ago, or too far ahead, for what it says.
    #[error("is too long ago or too far ahead")]
    InstantRange,
    /// Not a name of the IANA time zone database.
    #[error("is not an IANA time zone")]
    TimeZone,
    /// Not a postcode of its country.
    #[error("is not a postcode of the country")]
    Postcode,
    /// Not a VAT number of its country.
    #[error("is not a VAT number of the country")]
    VatNumber,
    /// Something the country does not have: postcodes, VAT numbers.
    #[error("does not exist in the country")]
    NotUsedThere,
    /// A number outside its range.
    #[error("is not between {min} and {max}")]
    OutOfRange {
        /// The least value allowed.
        min: i64,
        /// The greatest value allowed.
        max: i64,
    },
    /// Not one of the values the field knows.
    #[error("is not one of the allowed values")]
    Choice,
    /// Not the name that was to be typed again.
    #[error("is not the name as it stands")]
    Confirmation,
    /// The version of other words: new words need a new one.
    #[error("is the version of other words")]
    Version,
    /// Not an id of this kind.
    #[error("is not an id")]
    Id,
    /// Not an http or https address.
    #[error("is not a web address")]
    WebAddress,
    /// Not a column of what is exported; the message lists those.
    #[error("is not a column of it")]
    Column,
    /// More entries than a list holds.
    #[error("has more than {max} entries")]
    TooMany {
        /// The most entries allowed.
        max: usize,
    },
    /// A name that the object does not know.
    #[error("is not a known field")]
    UnknownField,
    /// A value of another JSON type than the field's.
    #[error("has the wrong type")]
    WrongType,
    /// Nothing was announced by this id, too long ago, or nothing was sent.
    #[error("is no upload that can be used")]
    Upload,
    /// Bytes that are not the image that was announced, or that no page can show.
    #[error("is not the image that was announced")]
    Image,
    /// A file, where text is taken.
    #[error("is a file")]
    File,
    /// Not a colour as the web writes it.
    #[error("is not a colour written #rrggbb")]
    Colour,
    /// A text of a mail that names a value which that mail does not have.
    #[error("names a value that this mail does not have")]
    Variable,
    /// A text of a mail that does more than name values and ask for them.
    #[error("does what a text may not")]
    Expression,
    /// A text of a mail whose braces don't fit together.
    #[error("has a block that is not whole")]
    Block,
}

impl Invalid {
    /// The stable code of this reason in an API answer.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::ControlCharacter => "control_character",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Currency => "currency",
            Self::Language => "language",
            Self::Country => "country",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::InstantRange => "instant_range",
            Self::TimeZone => "time_zone",
            Self::Postcode => "postcode",
            Self::VatNumber => "vat_number",
            Self::NotUsedThere => "not_used_there",
            Self::OutOfRange { .. } => "out_of_range",
            Self::Choice => "choice",
            Self::Confirmation => "confirmation",
            Self::Version => "version",
            Self::Id => "id",
            Self::WebAddress => "web_address",
            Self::TooMany { .. } => "too_many",
            Self::UnknownField => "unknown_field",
            Self::WrongType => "wrong_type",
            Self::Upload => "upload",
            Self::Image => "image",
            Self::File => "file",
            Self::Colour => "colour",
            Self::Variable => "variable",
            Self::Column => "column",
            Self::Expression => "expression",
            Self::Block => "block",
        }
    }
}
