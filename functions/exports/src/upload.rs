//! A file on its way into the bucket: parts, then all of it at once, or nothing.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use sha2::{Digest, Sha256};
use shared::domain::{ExportJob, ExportPart};
use shared::{Error, Result};

use crate::State;

/// A multipart upload under way.
pub struct Upload<'a> {
    state: &'a State,
    key: String,
    /// What the bucket calls it.
    pub id: String,
    /// The parts that are there.
    pub parts: Vec<ExportPart>,
}

impl<'a> Upload<'a> {
    /// Begins the upload of the job's present file.
    pub async fn begin(state: &'a State, job: &ExportJob) -> Result<Self> {
        let key = job.object_key();
        let begun = state
            .s3
            .create_multipart_upload()
            .bucket(&state.bucket)
            .key(&key)
            .content_type(job.media_type())
            .send()
            .await
            .map_err(Error::of_s3)?;
        let id = begun.upload_id.ok_or(Error::Impossible("an upload without an id"))?;
        Ok(Self { state, key, id, parts: Vec::new() })
    }

    /// The upload that the job has under way, if it has.
    pub fn of(state: &'a State, job: &ExportJob) -> Option<Self> {
        let progress = job.progress.as_ref()?;
        Some(Self { state, key: job.object_key(), id: progress.upload.clone(), parts: progress.parts.clone() })
    }

    /// Adds a part: at least 5 MiB unless it is the last. One that was sent by whoever had the upload
    /// before, and of whom the job knows nothing, is written over.
    pub async fn add(&mut self, bytes: Vec<u8>) -> Result<()> {
        let number =
            i32::try_from(self.parts.len() + 1).map_err(|_| Error::Impossible("an upload of too many parts"))?;
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        let length = bytes.len() as u64;
        let sent = self
            .state
            .s3
            .upload_part()
            .bucket(&self.state.bucket)
            .key(&self.key)
            .upload_id(&self.id)
            .part_number(number)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(Error::of_s3)?;
        let tag = sent.e_tag.ok_or(Error::Impossible("a part without a tag"))?;
        self.parts.push(ExportPart { tag, bytes: length, sha256 });
        Ok(())
    }

    /// Makes the file appear. The bucket refuses it where a part is not the one that was counted, as when
    /// another worker has written over it.
    pub async fn finish(&self) -> Result<()> {
        let parts = self
            .parts
            .iter()
            .zip(1..)
            .map(|(part, number)| CompletedPart::builder().part_number(number).e_tag(&part.tag).build());
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build();
        self.state
            .s3
            .complete_multipart_upload()
            .bucket(&self.state.bucket)
            .key(&self.key)
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
