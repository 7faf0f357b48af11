//! How the laptop's SDK clients are made: plain HTTP to a loopback address, with credentials that
//! are no secret. Functions get finished clients and never see the difference.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
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

/// A client without TLS. One per stack: its connections belong to the runtime that made them.
pub fn plain_http() -> SharedHttpClient {
    Builder::new().build_http()
}

/// The configuration of a client of the service at `endpoint`, reached through `http`.
///
/// The SDK retries throttling, server errors and lost connections itself, three attempts in all;
/// the pauses are short, since nothing is far away.
pub fn config(endpoint: &str, http: SharedHttpClient) -> SdkConfig {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "laptop");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .http_client(http)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(SystemTimeSource::new()))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(10)))
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(20)).build())
        .build()
}
