//! The one error of the common crate. It knows no HTTP: `http` maps it, once, at the boundary.
//!
//! What a caller may have expected (nothing there, a lost race, a taken address) is a value of its
//! own in the method's result; this is for what nobody expected.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use crate::table::Unread;

/// What went wrong below a handler.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store is throttled, out of reach, or answered nothing in time. Nothing is known to be
    /// lost; asking again is right.
    #[error("the store can't answer now")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// The store refused a call that we built: a mistake of ours.
    #[error("the store refused the call")]
    Refused(#[source] Box<dyn StdError + Send + Sync>),
    /// An item of the table is not what its key says.
    #[error("an item of type {0} can't be read")]
    Unreadable(&'static str, #[source] Unread),
    /// A value can't be written as an item.
    #[error("a value can't be stored")]
    Unstorable(#[source] serde_dynamo::Error),
    /// Everybody else was quicker, too often.
    #[error("lost the race for a record too often")]
    Contended,
    /// A mail can't be rendered.
    #[error("a mail can't be rendered")]
    Rendering(#[source] Box<dyn StdError + Send + Sync>),
    /// A value outside what the calendar or the arithmetic can hold.
    #[error("{0}")]
    Impossible(&'static str),
}

/// The result of what may fail unexpectedly.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether the same call may succeed later: 503 rather than 500, retry rather than park.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::Contended => true,
            Self::Refused(_)
            | Self::Unreadable(..)
            | Self::Unstorable(_)
            | Self::Rendering(_)
            | Self::Impossible(_) => false,
        }
    }

    /// What S3 answered: out of reach or busy, it may be asked again; what it refuses will be refused
    /// again.
    pub fn of_s3<E: StdError + Send + Sync + 'static>(error: SdkError<E, HttpResponse>) -> Self {
        let refused = match &error {
            SdkError::ServiceError(service) => service.raw().status().is_client_error(),
            SdkError::ConstructionFailure(_) => true,
            _ => false,
        };
        if refused { Self::Refused(error.into()) } else { Self::Unavailable(error.into()) }
    }
}
