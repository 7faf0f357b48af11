//! What the shop itself is mailed: what a form sent, and what the table holds no longer.
//!
//! It goes to addresses that staff chose, so it says what was typed, as it was typed; answers go to
//! who typed it. Read when it is sent, like every mail: what was deleted meanwhile is told to nobody.

use shared::domain::{
    EmailAddress, Form, FormField, FormId, Message, Notice, NoticeId, Occurrence, Receipt, Settings, SkipReason,
    Submission, SubmissionId,
};
use shared::email::{Content, Field, Notice as Told, Rendered};
use shared::intake::{is_control, meaning, sent_as};
use shared::{Error, Result};

use crate::State;
use crate::content::{Mail, Prepared, in_words, stopped};

/// A notice, whom it goes to and whom it is from.
struct Letter {
    to: EmailAddress,
    from: Option<EmailAddress>,
    rendered: Rendered,
}

/// Reads what the message is about, and whom in the shop it is for.
pub async fn prepare(state: &State, message: &Message) -> Result<Prepared> {
    let Some(settings) = state.app.table.settings(&message.shop).await? else {
        return Ok(Prepared::Skip(SkipReason::SubjectGone));
    };
    let letter = match &message.occurrence {
        Occurrence::SubmissionNotice { form, submission } => of_submission(state, &settings, form, *submission).await?,
        Occurrence::Notice { notice } => of_notice(state, &settings, *notice).await?,
        _ => return Err(Error::Impossible("a message to the shop that is a customer's")),
    };
    let Some(Letter { to, from, rendered }) = letter else {
        return Ok(Prepared::Skip(SkipReason::SubjectGone));
    };
    let Some(address) = to.deliverable() else {
        return Ok(Prepared::Skip(SkipReason::Undeliverable));
    };
    if let Some(reason) = stopped(state, message, &to).await? {
        return Ok(Prepared::Skip(reason));
    }
    Ok(Prepared::Mail(Box::new(Mail {
        from_name: settings.name.expose().to_owned(),
        from: settings.sender.clone(),
        to: address,
        reply_to: from.as_ref().and_then(EmailAddress::deliverable),
        rendered,
        unsubscribe: None,
    })))
}

/// What a form sent, for whom the form names; nothing where either is gone.
async fn of_submission(state: &State, settings: &Settings, form: &FormId, id: SubmissionId) -> Result<Option<Letter>> {
    let shop = &settings.shop;
    let (form, submission) = tokio::try_join!(state.app.table.form(shop, form), submission(state, settings, id))?;
    let Some((form, submission)) = form.filter(|form| form.deleted_at.is_none()).zip(submission) else {
        return Ok(None);
    };
    let Some(to) = form.notify.clone() else {
        return Ok(None);
    };
    let from = sent_as(&form, &submission.fields, FormField::Email).and_then(|(_, typed)| typed.parse().ok());
    let rendered = submission_in_words(settings, &form, &submission)?;
    Ok(Some(Letter { to, from, rendered }))
}

fn submission_in_words(settings: &Settings, form: &Form, submission: &Submission) -> Result<Rendered> {
    // What is for us, such as where to go next, is no answer; `_replyto` is.
    let answers = |name: &str| !is_control(name) || meaning(form, name) != FormField::Answer;
    let answers = submission.fields.iter().filter(|(name, _)| answers(name));
    let values: Vec<(&str, String)> = answers.map(|(name, values)| (name.as_str(), values.join("\n"))).collect();
    let fields: Vec<Field<'_>> = values.iter().map(|(label, value)| Field { label, value }).collect();
    let notice = Told::Submission { form: form.name.expose(), fields: &fields };
    in_shops_words(settings, notice)
}

/// The submission, with whoever stands for its customer since.
async fn submission(state: &State, settings: &Settings, id: SubmissionId) -> Result<Option<Submission>> {
    let (table, shop) = (&state.app.table, &settings.shop);
    let Some(Receipt::Received { customer }) = table.receipt(shop, id).await? else {
        return Ok(None);
    };
    // Until a merge has brought it, it is with the record it was made for.
    if let Some(submission) = table.submission(shop, customer, id).await? {
        return Ok(Some(submission));
    }
    match table.survivor(shop, customer).await? {
        Some(survivor) => table.submission(shop, survivor, id).await,
        None => Ok(None),
    }
}

/// What was kept for this mail alone.
async fn of_notice(state: &State, settings: &Settings, id: NoticeId) -> Result<Option<Letter>> {
    let Some(Notice::Deletion { name, email, comment }) = state.app.table.notice(&settings.shop, id).await? else {
        return Ok(None);
    };
    let comment = comment.as_ref().map(|comment| comment.expose());
    let notice = Told::Deletion { customer: name.expose(), email: email.expose(), comment };
    let rendered = in_shops_words(settings, notice)?;
    let to = settings.notify.clone().unwrap_or_else(|| settings.sender.clone());
    Ok(Some(Letter { to, from: Some(email), rendered }))
}

/// The shop reads its own language.
fn in_shops_words(settings: &Settings, notice: Told<'_>) -> Result<Rendered> {
    let locale = settings.locale(&settings.language());
    in_words(settings, locale, &Content::MerchantNotice { notice, open: None })
}
