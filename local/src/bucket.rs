//! The embedded S3: a folder behind the S3 protocol on loopback.
//!
//! Presigned links work from a browser, with the content-disposition they were signed for.

use std::net::SocketAddr;
use std::path::Path;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::ports;
use crate::sdk::{ACCESS_KEY, SECRET_KEY};

/// Why the bucket could not be started.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The folder can't be used.
    #[error("the bucket's folder can't be used: {0}")]
    Folder(String),
    /// No port on loopback.
    #[error("the embedded S3 can't start: {0}")]
    Start(#[from] std::io::Error),
}

/// A running S3 over a folder. Dropping it stops the server and leaves the folder.
pub struct Bucket {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Bucket {
    /// Serves `folder` with the buckets named, which are made if need be. Where `port` is
    /// 0 or taken, a free one is.
    ///
    /// # Errors
    /// When the folder can't be written or no port is free.
    pub async fn start(folder: &Path, buckets: &[&str], port: u16) -> Result<Self, BucketError> {
        for bucket in buckets {
            std::fs::create_dir_all(folder.join(bucket))?;
        }
        let files = FileSystem::new(folder).map_err(|e| BucketError::Folder(format!("{e:?}")))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let listener = TcpListener::from_std(ports::listen(port)?)?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve(listener, service.build()));
        Ok(Self { address, server })
    }

    /// The address that SDK clients and presigned links use.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Answers each connection in a task of its own, until aborted.
async fn serve(listener: TcpListener, service: S3Service) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let socket = match listener.accept().await {
            Ok((socket, _)) => socket,
            Err(error) => {
                tracing::warn!(%error, "a connection to the bucket failed");
                continue;
            }
        };
        let service = service.clone();
        connections.spawn(async move {
            // A browser that hangs up is no fault.
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_sdk_s3::Client;
    use aws_sdk_s3::presigning::PresigningConfig;

    use super::*;
    use crate::sdk;

    fn client(bucket: &Bucket) -> Client {
        let config = sdk::config(&bucket.endpoint(), sdk::plain_http());
        Client::from_conf(aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build())
    }

    #[tokio::test]
    async fn an_object_survives_a_restart_and_opens_by_its_link() {
        let folder = tempfile::tempdir().unwrap();
        {
            let bucket = Bucket::start(folder.path(), &["exports"], 0).await.unwrap();
            let put = client(&bucket).put_object().bucket("exports").key("main/1.csv");
            put.body(b"id,name\r\n".to_vec().into()).send().await.unwrap();
        }
        let bucket = Bucket::start(folder.path(), &["exports"], 0).await.unwrap();
        let get = client(&bucket).get_object().bucket("exports").key("main/1.csv");
        let link = get
            .response_content_disposition("attachment; filename=\"customers.csv\"")
            .presigned(PresigningConfig::expires_in(Duration::from_secs(60)).unwrap())
            .await
            .unwrap();
        let (status, disposition, body) = fetch(link.uri()).await;
        assert_eq!(status, 200);
        assert_eq!(disposition.as_deref(), Some("attachment; filename=\"customers.csv\""));
        assert_eq!(body, "id,name\r\n");
        let (status, ..) = fetch(&link.uri().replace("1.csv", "2.csv")).await;
        assert_eq!(status, 403, "a link opens what it was signed for");
    }

    async fn fetch(uri: &str) -> (u16, Option<String>, String) {
        let url = url::Url::parse(uri).unwrap();
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = http::Request::get(&url[url::Position::BeforePath..])
            .header("host", format!("127.0.0.1:{}", url.port().unwrap()))
            .body(String::new())
            .unwrap();
        let answer = sender.send_request(request).await.unwrap();
        let status = answer.status().as_u16();
        let disposition = answer.headers().get("content-disposition").map(|value| value.to_str().unwrap().to_owned());
        let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
        (status, disposition, String::from_utf8(body.to_vec()).unwrap())
    }
}
