//! A file on its way into the bucket: parts, then all of it at once, or nothing.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use shared::{Error, Result};

use crate::State;

/// How many bytes make a part: above S3's least of 5 MiB, and all the memory a file takes.
pub const PART: usize = 8 * 1024 * 1024;

/// A multipart upload under way.
pub struct Upload<'a> {
    state: &'a State,
    key: &'a str,
    id: String,
    parts: Vec<CompletedPart>,
}

impl<'a> Upload<'a> {
    /// Begins an upload to `key`.
    pub async fn begin(state: &'a State, key: &'a str) -> Result<Self> {
        let begun = state
            .s3
            .create_multipart_upload()
            .bucket(&state.bucket)
            .key(key)
            .content_type("text/csv; charset=utf-8")
            .send()
            .await
            .map_err(Error::of_s3)?;
        let id = begun.upload_id.ok_or(Error::Impossible("an upload without an id"))?;
        Ok(Self { state, key, id, parts: Vec::new() })
    }

    /// Adds a part: at least 5 MiB unless it is the last.
    pub async fn add(&mut self, bytes: Vec<u8>) -> Result<()> {
        let number =
            i32::try_from(self.parts.len() + 1).map_err(|_| Error::Impossible("an upload of too many parts"))?;
        let sent = self
            .state
            .s3
            .upload_part()
            .bucket(&self.state.bucket)
            .key(self.key)
            .upload_id(&self.id)
            .part_number(number)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(Error::of_s3)?;
        self.parts.push(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build());
        Ok(())
    }

    /// Makes the file appear.
    pub async fn finish(self) -> Result<()> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.parts)).build();
        self.state
            .s3
            .complete_multipart_upload()
            .bucket(&self.state.bucket)
            .key(self.key)
            .upload_id(&self.id)
            .multipart_upload(parts)
            .send()
            .await
            .map(drop)
            .map_err(Error::of_s3)
    }

    /// Drops what was sent. If that fails too, the bucket's lifecycle does it.
    pub async fn abort(self) {
        let aborted = self
            .state
            .s3
            .abort_multipart_upload()
            .bucket(&self.state.bucket)
            .key(self.key)
            .upload_id(&self.id)
            .send()
            .await;
        if let Err(error) = aborted {
            tracing::warn!(cause = shared::telemetry::chain(&error), "an upload was left to the bucket's lifecycle");
        }
    }
}
