//! What a customer says of a consent on their page: evidence, the record, the audit, at once.

use shared::App;
use shared::domain::{
    Actor, AuditAction, ConsentEvidence, ConsentId, ConsentMethod, ConsentPurpose, ConsentState, ConsentText, Line,
    Locale, Text,
};
use shared::http::{Call, Problem};
use shared::table::{Statement, Transaction};

use crate::holder::Holder;

/// The words that were shown beside the button.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub text: &'a Text<2000>,
    pub version: &'a Line<40>,
    pub locale: Locale,
}

impl<'a> Words<'a> {
    /// The words of a shop as its page in `locale` shows them.
    pub fn of(asked: &'a ConsentText, locale: Locale) -> Option<Self> {
        let (locale, text) = asked.shown_to(&locale.language())?;
        Some(Self { text, version: &asked.version, locale })
    }
}

/// What is said: of which purpose, what, how, and to which words.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    pub purpose: ConsentPurpose,
    pub state: ConsentState,
    pub method: ConsentMethod,
    pub words: Option<Words<'a>>,
}

/// Writes the statement. `false` if the record changed meanwhile.
pub async fn state(app: &App, call: &Call, holder: &Holder, said: Said<'_>) -> Result<bool, Problem> {
    let before = &holder.customer;
    let evidence = evidence(app, call, holder, said);
    let writes = holder.writes(app, call.now);
    let unsubscribed = match said.state {
        ConsentState::Granted => app.table.unsubscription(writes, before).await?,
        ConsentState::Withdrawn => None,
    };
    let mut transaction = Transaction::new();
    let actor = Actor::Preferences;
    let unsubscribed = unsubscribed.as_ref();
    let statement = Statement { before, evidence: &evidence, actor: &actor, now: call.now, unsubscribed };
    transaction.state_consent(writes, statement)?;
    let action = match said.state {
        ConsentState::Granted => AuditAction::ConsentGranted,
        ConsentState::Withdrawn => AuditAction::ConsentWithdrawn,
    };
    let records = vec![before.id.to_string(), evidence.id.to_string()];
    let entry = call.audit(&app.entropy, actor, action, records);
    transaction.audit(&before.shop, &entry, Some(before.id))?;
    Ok(app.table.commit(transaction).await?.is_ok())
}

fn evidence(app: &App, call: &Call, holder: &Holder, said: Said<'_>) -> ConsentEvidence {
    let standing = holder.customer.consents.get(said.purpose);
    ConsentEvidence {
        id: ConsentId::new(app.entropy.ulid(call.now)),
        customer: holder.customer.id,
        purpose: said.purpose,
        state: said.state,
        // What is said now is the latest: no statement stands that it does not end.
        at: standing.map_or(call.now, |consent| consent.at.max(call.now)),
        text: said.words.map(|words| words.text.clone()),
        version: said.words.map(|words| words.version.clone()),
        language: said.words.map(|words| words.locale.language()),
        // The page's address holds its token.
        page: None,
        source_ip: call.source_ip.clone(),
        method: said.method,
        recorded_by: None,
    }
}
