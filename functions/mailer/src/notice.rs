//! What the shop itself is mailed: what a form sent, and what the table holds no longer.
//!
//! It goes to addresses that staff chose, so it says what was typed, as it was typed; answers go to
//! who typed it. Read when it is sent, like every mail: what was deleted meanwhile is told to nobody.

use jiff::Timestamp;
use shared::domain::{
    EmailAddress, ExportId, ExportJob, ExportState, Form, FormField, FormId, Message, Notice, NoticeId, Occurrence,
    PauseCause, PauseFigures, Settings, SkipReason, Slots, Submission, SubmissionId, SuppressionCause,
};
use shared::email::{Content, Field, Notice as Told, Rendered};
use shared::intake::{answers, meaning, readable, sent_as};
use shared::table::Sent;
use shared::wording::{form_field, moment};
use shared::{Error, Result};

use crate::State;
use crate::content::{Mail, Prepared, in_words};

/// A notice, whom it goes to and whom it is from.
struct Letter {
    to: EmailAddress,
    from: Option<EmailAddress>,
    rendered: Rendered,
}

/// Reads what the message is about, and whom in the shop it is for.
pub async fn prepare(state: &State, message: &Message, now: Timestamp) -> Result<Prepared> {
    let Some(settings) = state.app.table.settings(&message.shop).await? else {
        return Ok(Prepared::Skip(SkipReason::SubjectGone));
    };
    let letter = match &message.occurrence {
        Occurrence::SubmissionNotice { form, submission } => {
            of_submission(state, &settings, form, *submission, now).await?
        }
        Occurrence::Notice { notice } => of_notice(state, &settings, *notice).await?,
        Occurrence::ExportReady { export } => of_export(state, &settings, *export, now).await?,
        _ => return Err(Error::Impossible("a message to the shop that is a customer's")),
    };
    let Some(Letter { to, from, rendered }) = letter else {
        return Ok(Prepared::Skip(SkipReason::SubjectGone));
    };
    let Some(address) = reachable(state, &settings, &to).await? else {
        return Ok(Prepared::Unreachable);
    };
    Ok(Prepared::Mail(Box::new(Mail {
        from_name: settings.name.expose().to_owned(),
        from: settings.sender.clone(),
        to: address,
        reply_to: from.as_ref().and_then(EmailAddress::deliverable),
        rendered,
        unsubscribe: None,
    })))
}

/// `to`, or else the sender, in the spelling that mail servers take: the first that no mail has bounced
/// from. The shop has to hear of it, whatever a complaint or an unsubscription says of one of its own
/// addresses: those are a customer's words.
async fn reachable(state: &State, settings: &Settings, to: &EmailAddress) -> Result<Option<String>> {
    for address in [to, &settings.sender] {
        let digest = state.app.keyring.address_digest(&settings.shop, address);
        let suppressions = state.app.table.suppressions(&settings.shop, &digest).await?;
        if suppressions.iter().any(|suppression| suppression.cause == SuppressionCause::Bounced) {
            continue;
        }
        if let Some(address) = address.deliverable() {
            return Ok(Some(address));
        }
    }
    Ok(None)
}

/// What a form sent, for whom the form names; nothing where either is gone.
async fn of_submission(
    state: &State,
    settings: &Settings,
    form: &FormId,
    id: SubmissionId,
    now: Timestamp,
) -> Result<Option<Letter>> {
    let (table, shop) = (&state.app.table, &settings.shop);
    let (form, sent) = tokio::try_join!(table.form(shop, form), table.sent(shop, id, now))?;
    let Some((form, Sent::Received { submission, .. })) = form.filter(|form| form.deleted_at.is_none()).zip(sent)
    else {
        return Ok(None);
    };
    let Some(to) = form.notify.clone() else {
        return Ok(None);
    };
    let from = sent_as(&form, &submission.fields, FormField::Email).and_then(|(_, typed)| typed.parse().ok());
    let rendered = submission_in_words(settings, &form, &submission)?;
    Ok(Some(Letter { to, from, rendered }))
}

/// What is understood comes first, by what it is: who, how to answer, and then what they write.
const ORDER: [FormField; 10] = [
    FormField::Name,
    FormField::GivenName,
    FormField::FamilyName,
    FormField::Company,
    FormField::Email,
    FormField::Phone,
    FormField::Message,
    FormField::Birthday,
    FormField::Language,
    FormField::MarketingEmail,
];

fn submission_in_words(settings: &Settings, form: &Form, submission: &Submission) -> Result<Rendered> {
    let locale = settings.locale(&settings.language());
    let sent = answers(form, &submission.fields);
    let mut sent: Vec<_> = sent.iter().map(|(name, values)| (meaning(form, name), name, values)).collect();
    // Others follow in the order of their names: that of the page is not kept.
    sent.sort_by_key(|(field, ..)| ORDER.iter().position(|first| first == field).unwrap_or(ORDER.len()));
    let label = |field, name: &str| form_field(locale, field).unwrap_or_else(|| readable(name));
    let values = sent.iter().map(|(field, name, values)| (label(*field, name), values.join("\n")));
    let values: Vec<(String, String)> = values.collect();
    let fields: Vec<Field<'_>> = values.iter().map(|(label, value)| Field { label, value }).collect();
    let notice = Told::Submission { form: form.name.expose(), fields: &fields };
    in_shops_words(settings, notice)
}

/// What was kept for this mail alone.
async fn of_notice(state: &State, settings: &Settings, id: NoticeId) -> Result<Option<Letter>> {
    match state.app.table.notice(&settings.shop, id).await? {
        None => Ok(None),
        Some(Notice::Deletion { name, email, comment }) => {
            let comment = comment.as_ref().map(|comment| comment.expose());
            let notice = Told::Deletion { customer: name.expose(), email: email.expose(), comment };
            let rendered = in_shops_words(settings, notice)?;
            Ok(Some(Letter { to: settings.told_at(), from: Some(email), rendered }))
        }
        Some(Notice::MarketingPaused { pause }) => {
            let complaints = pause.cause == PauseCause::Complaints;
            let PauseFigures { count, sent, share, limit, least } =
                pause.in_figures(settings.locale(&settings.language()));
            let (count, sent, share, limit, least) = (&*count, &*sent, &*share, &*limit, &*least);
            let told = Told::MarketingPaused { complaints, count, sent, share, limit, least };
            let rendered = in_shops_words(settings, told)?;
            Ok(Some(Letter { to: settings.told_at(), from: None, rendered }))
        }
    }
}

/// The export's file, while it is still given out. It holds no link: one that opens without signing in
/// would be worth as much as the file.
async fn of_export(state: &State, settings: &Settings, id: ExportId, now: Timestamp) -> Result<Option<Letter>> {
    let Some(job) = state.app.table.export(&settings.shop, id).await? else {
        return Ok(None);
    };
    let ExportState::Done { rows, at, .. } = job.state else {
        return Ok(None);
    };
    let until = at.saturating_add(ExportJob::FILE_LIFE).unwrap_or(Timestamp::MAX);
    if now >= until {
        return Ok(None);
    }
    let locale = settings.locale(&settings.language());
    let expires_on = moment(locale, &until.to_zoned(settings.zone.time_zone().clone()));
    let content = Content::ExportReady { file_name: &job.file_name(), rows, expires_on: &expires_on };
    // Whoever asked for it; the shop, where it is not known how to write to them.
    let to = job.tell.clone().unwrap_or_else(|| settings.told_at());
    Ok(Some(Letter { to, from: None, rendered: in_words(settings, locale, &content, &Slots::new())? }))
}

/// The shop reads its own language.
fn in_shops_words(settings: &Settings, notice: Told<'_>) -> Result<Rendered> {
    let locale = settings.locale(&settings.language());
    in_words(settings, locale, &Content::MerchantNotice { notice }, &Slots::new())
}
