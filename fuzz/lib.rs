//! What the targets share. Each feeds one parser of what anybody may send, and asserts what must
//! hold of whatever comes out.

use forms::decode;
use futures::executor::block_on;
use shared::domain::Submission;

/// Reads `body`, and asserts that what is read can be kept.
pub fn decoded(content_type: &str, body: &[u8]) {
    if let Ok(fields) = block_on(decode(content_type, body.to_vec().into())) {
        assert!(fields.values().map(Vec::len).sum::<usize>() <= Submission::MAX_FIELDS);
        assert!(fields.keys().all(|name| !name.is_empty() && name.chars().count() <= 100));
    }
}
