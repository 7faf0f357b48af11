//! The environment, read once, at the start of a function.

use std::str::FromStr;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::app::{App, PublicUrl};
use crate::table::Table;
use crate::{Clock, Entropy, Keyring};

/// Why a function can't start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable is not set.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// A variable has no valid value. The value is not shown: it may be a secret.
    #[error("the environment variable {0} has no valid value")]
    Invalid(&'static str),
    /// The root key can't be read from Secrets Manager.
    #[error("the root key can't be read: {0}")]
    RootKey(String),
}

/// The variable `name`, as a `T`.
///
/// # Errors
/// [`ConfigError`] when it is not set, or is no `T`.
pub fn require<T: FromStr>(name: &'static str) -> Result<T, ConfigError> {
    let text = std::env::var(name).map_err(|_| ConfigError::Missing(name))?;
    text.parse().map_err(|_| ConfigError::Invalid(name))
}

/// How this function reaches AWS: region and credentials as Lambda hands them over, TLS by `ring`.
///
/// Explicit, where the SDK would search: the search costs start-up time and finds the same.
///
/// # Errors
/// [`ConfigError`] when Lambda's own variables are missing.
pub fn aws() -> Result<SdkConfig, ConfigError> {
    let credentials = Credentials::new(
        require::<String>("AWS_ACCESS_KEY_ID")?,
        require::<String>("AWS_SECRET_ACCESS_KEY")?,
        std::env::var("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    );
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = sdk_defaults()
        .region(Region::new(require::<String>("AWS_REGION")?))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http);
    Ok(match std::env::var("AWS_ENDPOINT_URL") {
        Ok(url) => config.endpoint_url(url).build(),
        Err(_) => config.build(),
    })
}

/// What every client of ours has in common: three attempts, and time limits that leave a request
/// of ten seconds room to answer.
pub fn sdk_defaults() -> aws_types::sdk_config::Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(std::time::Duration::from_secs(1))
        .operation_attempt_timeout(std::time::Duration::from_secs(3))
        .build();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(SystemTimeSource::new()))
}

/// What every function is built from, as the environment says: `TABLE_NAME`, `PUBLIC_URL`,
/// `ROOT_KEY_SECRET_ARN`.
///
/// # Errors
/// [`ConfigError`] names what is missing.
pub async fn app(aws: &SdkConfig) -> Result<App, ConfigError> {
    let table: String = require("TABLE_NAME")?;
    let public_url: PublicUrl = require("PUBLIC_URL")?;
    let keyring = root_key(aws, &require::<String>("ROOT_KEY_SECRET_ARN")?).await?;
    let entropy = Entropy::system();
    let client = aws_sdk_dynamodb::Client::new(aws);
    Ok(App { table: Table::new(client, &table, entropy.clone()), keyring, clock: Clock::system(), entropy, public_url })
}

async fn root_key(aws: &SdkConfig, arn: &str) -> Result<Keyring, ConfigError> {
    let secret = aws_sdk_secretsmanager::Client::new(aws)
        .get_secret_value()
        .secret_id(arn)
        .send()
        .await
        .map_err(|error| ConfigError::RootKey(error.into_service_error().to_string()))?;
    let key = secret.secret_string().unwrap_or_default();
    Keyring::new(key.as_bytes()).ok_or_else(|| ConfigError::RootKey("it is shorter than 32 characters".to_owned()))
}
