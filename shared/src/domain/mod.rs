//! The words of the business, as types: a value that exists is valid.
//!
//! Inputs hold raw strings and become these types once, at the edge; nothing downstream checks
//! again. Personal data masks itself in `Debug` and has no `Display`: `expose()` says where it is
//! used. This module knows no AWS, no HTTP and no async; time is an argument.

mod address;
mod audit;
mod automation;
mod birthday;
mod consent;
mod consent_request;
mod country;
mod customer;
mod due;
mod eligibility;
mod email_address;
mod export;
mod facets;
mod figures;
mod filter;
mod folding;
mod form;
mod group;
mod history;
mod ids;
mod image;
mod interaction;
mod invalid;
mod job;
mod language;
mod look;
mod mail_template;
mod merge;
mod message;
mod message_kind;
mod money;
mod name;
mod note;
mod notice;
mod occurrence;
mod order;
mod order_draft;
mod order_link;
mod order_news;
mod payment;
mod phone;
mod postal_address;
mod pricing;
mod product;
mod provenance;
mod report;
mod reputation;
mod request;
mod segment;
mod shop;
mod submission;
mod suppression;
mod tag;
mod text;

pub(crate) use address::is_plain;
pub use address::{Origin, PageAddress};
pub use audit::{Actor, AuditAction, AuditEntry};
pub use automation::{
    AbandonedOrderMails, Automations, BirthdayMails, LeapDay, ReactivationMails, SatisfactionMails, Switch,
};
pub use birthday::Birthday;
pub use consent::{Consent, ConsentEvidence, ConsentMethod, ConsentPurpose, ConsentState, Consents};
pub use consent_request::{AddressCode, Asking, ConsentAnswer, ConsentRequest};
pub use country::Country;
pub use customer::{
    Alert, Block, Campaign, ContactChannel, Customer, CustomerStatus, EmailStatus, NotePreview, PreferredChannels,
    Source, Temperature,
};
pub use due::{Cause, DueDate, DueKind};
pub use email_address::EmailAddress;
pub use export::{
    ExportFailure, ExportFormat, ExportJob, ExportPart, ExportPlace, ExportProgress, ExportRequest, ExportState,
    ExportWhat,
};
pub use facets::{Bought, Day, Facets, Region};
pub use figures::{Figures, Spell};
pub use filter::{ConsentChoice, Filter, GroupChoice, Month, ShopDay};
pub use folding::{
    Field, Fields, MAX_NOTE_WORDS, MAX_WORDS, MIN_QUERY_CHARACTERS, fold, note_words, product_words, query_words,
    same_name, sort_key, words, words_in,
};
pub use form::{ConsentText, Destination, Form, FormField, FormLimits};
pub use group::{Group, Rate};
pub use ids::{
    AddressCodeId, AuditId, ClaimId, ConsentId, ConsentRequestId, CustomerId, DraftId, ExportId, FormId, GroupId,
    InteractionId, JobId, MessageId, NoteId, NoticeId, OrderId, OrderLinkId, ProductId, RefundId, ShopId, SubmissionId,
};
pub use image::{Announced, ImageFormat, ImageId, ImageSize, LooseImage, ProductImage};
pub use interaction::{Interaction, InteractionKind};
pub use invalid::Invalid;
pub use job::{Erasure, Job, JobState, Pass, Work};
pub use language::{Language, Locale};
pub use look::{Colour, Logo};
pub use mail_template::{MailTemplate, Slot, Slots};
pub use merge::Consolidated;
pub use message::{Addressee, Attempt, Message, MessageRef, MessageState, SentSubject};
pub use message_kind::{MessageClass, MessageKind};
pub use money::{Currency, Discount, Money};
pub use name::Name;
pub use note::{Note, Priority};
pub use notice::Notice;
pub use occurrence::Occurrence;
pub use order::{Channel, IllegalMove, Move, Order, OrderError, OrderLine, OrderNumber, OrderState, Quantity};
pub use order_draft::{DraftLine, OrderDraft};
pub use order_link::{LinkState, LinkTerms, OrderLink};
pub use order_news::OrderNews;
pub use payment::{PaymentMethod, Refund, RefundError};
pub use phone::Phone;
pub use postal_address::{PostalAddress, Postcode, VatNumber};
pub use pricing::{PriceReason, Terms};
pub use product::{Descriptions, OrderQuantity, Prices, Product, Translations};
pub use provenance::{Provenance, RecordField, Stamp};
pub use report::{ReportKind, Reports};
pub use reputation::{MarketingPause, PauseCause, PauseFigures, Reputation};
pub use request::{Earlier, Outcome, RequestKey};
pub use segment::{Measured, Membership, Segment, Segments};
pub use shop::{Settings, Thresholds, Zone};
pub use submission::{Quarantined, Receipt, SentFields, Submission, SubmissionState, Suspicion};
pub use suppression::{SkipReason, Suppression, SuppressionCause};
pub use tag::{OwnTag, TagId, TagMark, Tags};
pub use text::{Line, Text};
