//! Consents as the API shows them.

use serde_json::{Map, Value, json};
use shared::domain::{ConsentEvidence, Consents};

/// The present state of every purpose the customer ever spoke about.
pub fn states(consents: &Consents) -> Map<String, Value> {
    let state = consents.iter().map(|(purpose, consent)| {
        let view = json!({
            "state": consent.state,
            "at": consent.at,
            "version": consent.version,
            "evidence": consent.evidence,
        });
        (purpose.name().to_owned(), view)
    });
    state.collect()
}

/// One statement, as it is kept.
pub fn evidence(evidence: &ConsentEvidence) -> Value {
    json!({
        "id": evidence.id,
        "purpose": evidence.purpose,
        "state": evidence.state,
        "at": evidence.at,
        "method": evidence.method,
        "text": evidence.text,
        "version": evidence.version,
        "language": evidence.language,
        "page": evidence.page,
        "recorded_by": evidence.recorded_by,
    })
}
