//! The audit: who saw or changed what, when, without content (G03).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AuditId, FormId, Line, OrderLinkId};

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A member of staff.
    Staff {
        /// The subject of their token.
        subject: Line<128>,
    },
    /// A visitor, through a form.
    Form {
        /// The form.
        form: FormId,
    },
    /// The customer, through a magic link.
    OrderLink {
        /// The link.
        link: OrderLinkId,
    },
    /// The customer, through their preferences.
    Preferences,
    /// Clientele itself: a schedule, or feedback on a mail.
    System,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// A list or a search showed these customers.
    CustomersListed,
    /// A customer's record was opened.
    CustomerViewed,
    /// A customer was made.
    CustomerCreated,
    /// A customer was changed.
    CustomerChanged,
    /// A customer's notes were read.
    NotesViewed,
    /// A note was written.
    NoteCreated,
    /// A note was changed.
    NoteChanged,
    /// A note was deleted.
    NoteDeleted,
    /// A tag was put on a customer.
    TagPut,
    /// A tag was taken off a customer.
    TagTakenOff,
    /// A customer was put into a group.
    GroupJoined,
    /// A customer was taken out of a group.
    GroupLeft,
    /// A customer is no longer served.
    CustomerBlocked,
    /// A customer is served again.
    CustomerUnblocked,
    /// A customer was erased.
    CustomerErased,
    /// A customer was merged into another.
    CustomersMerged,
    /// A merge was undone.
    MergeUndone,
    /// What a merge would make was looked at.
    MergePreviewed,
    /// Everything about a customer was taken out.
    CustomerDataExported,
    /// A group was made.
    GroupCreated,
    /// A group was changed.
    GroupChanged,
    /// A group was deleted.
    GroupDeleted,
    /// The shop's settings were made.
    SettingsCreated,
    /// The shop's settings were changed.
    SettingsChanged,
    /// The texts of a kind of mail were changed.
    MailTemplateChanged,
    /// The texts of a kind of mail were taken back: ours stand again.
    MailTemplateReset,
    /// A form was received.
    SubmissionReceived,
    /// A consent was given.
    /// A list showed what a form had sent.
    SubmissionsListed,
    /// What a form sent was opened.
    SubmissionViewed,
    /// What was suspected was added to its customer after all.
    SubmissionRestored,
    /// What a form sent was deleted.
    SubmissionDeleted,
    /// A form was made.
    FormCreated,
    /// A form was changed.
    FormChanged,
    /// A form was deleted: it receives nothing more.
    FormDeleted,
    /// A link that asks for a consent was made, for staff to hand over.
    ConsentLinkCreated,
    /// A consent was given, and staff recorded it.
    ConsentGranted,
    /// A consent was taken back.
    ConsentWithdrawn,
    /// A customer was asked for a consent, by a mail.
    ConsentAsked,
    /// A code that proves an address was sent.
    AddressCodeSent,
    /// A customer proved their address.
    AddressConfirmed,
    /// A customer's consents and their evidence were read.
    ConsentsViewed,
    /// A reservation, visit, call or message was recorded.
    InteractionRecorded,
    /// A customer's reservations, visits, calls and messages were read.
    InteractionsViewed,
    /// Everything that happened with a customer was read, in its order.
    TimelineViewed,
    /// A product was added.
    ProductCreated,
    /// A product was changed.
    ProductChanged,
    /// A product was taken out of the catalogue.
    ProductDeleted,
    /// A file was announced that is to be a product's image.
    ImageAnnounced,
    /// A product was given an image.
    ImageAttached,
    /// A product's image was taken off it.
    ImageRemoved,
    /// A customer's magic links were listed, without their addresses.
    OrderLinksListed,
    /// A magic link was made.
    OrderLinkCreated,
    /// A magic link was taken back.
    OrderLinkRevoked,
    /// A magic link was given another address.
    OrderLinkRotated,
    /// A magic link was sent to its customer by e-mail.
    OrderLinkSent,
    /// An order was placed.
    OrderPlaced,
    /// An order was moved from a state to the next.
    OrderMoved,
    /// Money was given back for an order.
    OrderRefunded,
    /// Orders were listed.
    OrdersListed,
    /// An order was opened.
    OrderViewed,
    /// An export was asked for.
    ExportRequested,
    /// An export was cancelled.
    ExportCancelled,
    /// A link to an export's file was issued.
    ExportLinkIssued,
    /// An address was suppressed after a bounce or a complaint.
    AddressSuppressed,
    /// A customer's messages were listed.
    MessagesListed,
    /// A message was sent to its customer again.
    MessageResent,
    /// The shop's marketing was paused: too many of its mails bounced, or were complained of.
    MarketingPaused,
    /// The shop's marketing goes on.
    MarketingResumed,
    /// The audit itself was read.
    AuditViewed,
}

/// One entry: ids only, never what was read, written or searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// The entry.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: AuditAction,
    /// The records it was about, customers first: at most a page of a list.
    pub records: Vec<String>,
    /// The network address it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<Line<45>>,
}
