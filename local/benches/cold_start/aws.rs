//! AWS over TLS: a root key, and a table with nothing in it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use axum::{Router, routing::post};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::NamedTempFile;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// The server, and the certificate to know it by.
pub struct Aws {
    address: String,
    certificate: NamedTempFile,
}

impl Aws {
    /// On a free port.
    pub async fn start() -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = NamedTempFile::new().unwrap();
        std::fs::write(certificate.path(), cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let versions = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = versions.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let mut config = config.with_single_cert(vec![cert.der().clone()], key).unwrap();
        // Two services of AWS share no session.
        config.send_tls13_tickets = 0;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        tokio::spawn(accept(listener, TlsAcceptor::from(Arc::new(config))));
        Self { address, certificate }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// The file of its certificate.
    pub fn certificate(&self) -> &std::path::Path {
        self.certificate.path()
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor) {
    let router = Router::new().fallback(post(answer));
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let (acceptor, router) = (acceptor.clone(), router.clone());
        tokio::spawn(async move {
            // A function that is ended lets go of its connection as it pleases.
            let Ok(stream) = acceptor.accept(socket).await else { return };
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).await);
        });
    }
}

async fn answer(headers: HeaderMap, _: Bytes) -> Response<Body> {
    let target = headers["x-amz-target"].to_str().unwrap();
    let json = [("content-type", "application/x-amz-json-1.0")];
    match target.rsplit('.').next().unwrap() {
        // The table is another service: it is not asked on the same connection.
        "GetSecretValue" => {
            let secret = format!("{{\"SecretString\":\"{}\"}}", "0".repeat(64));
            (json, [("connection", "close")], secret).into_response()
        }
        "Query" => (json, "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}").into_response(),
        "BatchGetItem" => (json, "{\"Responses\":{},\"UnprocessedKeys\":{}}").into_response(),
        _ => (json, "{}").into_response(),
    }
}
