//! How the laptop's SDK clients are made: plain HTTP to a loopback address, with credentials that
//! are no secret. Functions get finished clients and never see the difference.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

/// The region that the laptop pretends to be in.
pub const REGION: &str = "eu-west-3";
/// The access key of every embedded service.
pub const ACCESS_KEY: &str = "laptop";
/// Its secret. No secret at all: the services listen on loopback only.
pub const SECRET_KEY: &str = "laptop-secret";

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(20);

/// A client without TLS. One per stack: its connections belong to the runtime that made them.
pub fn plain_http() -> SharedHttpClient {
    Builder::new().build_http()
}

/// The configuration of a client of the service at `endpoint`, reached through `http`.
///
/// As the functions' own, but for the pauses between attempts, since nothing is far away, and for
/// the time an attempt may take, since a laptop may be busy building.
pub fn config(endpoint: &str, http: SharedHttpClient) -> SdkConfig {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "laptop");
    shared::config::sdk_defaults()
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .http_client(http)
        .retry_config(RetryConfig::standard().with_max_attempts(3).with_initial_backoff(FIRST_PAUSE))
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build())
        .build()
}
