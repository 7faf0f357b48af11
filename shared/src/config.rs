//! The environment, read once, at the start of a function.

use std::fmt;
use std::str::FromStr;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::app::{App, PublicUrl};
use crate::table::Table;
use crate::telemetry::chain;
use crate::{Clock, Entropy, Keyring};

/// The roots under which AWS certifies its endpoints: Amazon Trust Services. Reading the system's
/// hundred and forty instead costs every start some 2.5 ms of processor time.
const ROOTS: &[u8] = include_bytes!("../amazon-roots.pem");

/// Why a function can't start.
#[derive(thiserror::Error)]
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

/// What `main` returns is printed so: it has to be clear.
impl fmt::Debug for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The variable `name`, as a `T`.
///
/// # Errors
/// [`ConfigError`] when it is not set, or is no `T`.
pub fn require<T: FromStr>(name: &'static str) -> Result<T, ConfigError> {
    let text = std::env::var(name).ok().filter(|text| !text.is_empty()).ok_or(ConfigError::Missing(name))?;
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
    let config = sdk_defaults()
        .region(Region::new(require::<String>("AWS_REGION")?))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(https(roots()?)?);
    Ok(match std::env::var("AWS_ENDPOINT_URL") {
        Ok(url) => config.endpoint_url(url).build(),
        Err(_) => config.build(),
    })
}

/// The certificates to trust: those of the file that `AWS_CA_BUNDLE` names, as with every SDK of AWS;
/// where there is none, AWS's own.
fn roots() -> Result<Vec<u8>, ConfigError> {
    let Some(file) = std::env::var_os("AWS_CA_BUNDLE") else { return Ok(ROOTS.to_vec()) };
    let bundle = std::fs::read(file).ok();
    bundle.filter(|bundle| holds_certificates(bundle)).ok_or(ConfigError::Invalid("AWS_CA_BUNDLE"))
}

/// Whether this is a PEM file of certificates and nothing that looks like one: the client would panic at
/// what is broken, and trust nobody where there is none.
fn holds_certificates(pem: &[u8]) -> bool {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    certificates.is_ok_and(|certificates| !certificates.is_empty())
}

fn https(roots: Vec<u8>) -> Result<SharedHttpClient, ConfigError> {
    let trusted = TrustStore::empty().with_pem_certificate(roots);
    let context = TlsContext::builder().with_trust_store(trusted).build();
    let context = context.map_err(|_| ConfigError::Invalid("AWS_CA_BUNDLE"))?;
    let client = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    Ok(client.tls_context(context).build_https())
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
    let secret: String = require("ROOT_KEY_SECRET_ARN")?;
    let entropy = Entropy::system();
    let table = Table::new(aws_sdk_dynamodb::Client::new(aws), &table, entropy.clone());
    let (keyring, connected) = tokio::join!(root_key(aws, &secret), table.connect());
    if let Err(error) = connected {
        // The first request will tell whoever asks.
        tracing::warn!(cause = chain(&error), "the table can't be reached");
    }
    Ok(App { table, keyring: keyring?, clock: Clock::system(), entropy, public_url })
}

async fn root_key(aws: &SdkConfig, arn: &str) -> Result<Keyring, ConfigError> {
    let secret = aws_sdk_secretsmanager::Client::new(aws)
        .get_secret_value()
        .secret_id(arn)
        .send()
        .await
        .map_err(|error| ConfigError::RootKey(chain(&error)))?;
    let key = secret.secret_string().unwrap_or_default();
    Keyring::new(key.as_bytes()).ok_or_else(|| ConfigError::RootKey("it is shorter than 32 characters".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_a_function_from_starting_is_named_where_main_returns_it() {
        assert_eq!(
            format!("{:?}", ConfigError::Missing("TABLE_NAME")),
            "the environment variable TABLE_NAME is not set"
        );
    }

    #[test]
    fn a_bundle_holds_certificates_whole() {
        assert!(holds_certificates(ROOTS));
        assert!(!holds_certificates(b""));
        assert!(!holds_certificates(b"not a certificate"));
        assert!(!holds_certificates(&ROOTS[..ROOTS.len() / 2]));
    }

    #[test]
    fn aws_is_trusted_under_five_roots() {
        assert_eq!(CertificateDer::pem_slice_iter(ROOTS).count(), 5);
        assert!(https(ROOTS.to_vec()).is_ok());
    }
}
