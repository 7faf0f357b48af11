//! The bucket of images: what staff put under `pending/`, and what pages show, under `images/`.
//!
//! Nothing of what a member of staff sends goes past a function unread: the file is fetched from where
//! it was put, looked at, and of the very bytes that were looked at, what shows the image is written to
//! where the pages find it. A copy made by S3 could be of what was put there a moment later.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, RequestChecksumCalculation};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_types::SdkConfig;
use axum::extract::FromRef;

use crate::domain::{Announced, ImageFormat, ImageId, ImageSize, LooseImage, ShopId};
use crate::{App, Error, Result};

/// The bucket, and how it is reached. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Images {
    s3: Client,
    bucket: String,
}

/// What a function that has to do with images is built from: a handler takes the one or the other.
#[derive(Debug, Clone)]
pub struct AppWithImages {
    /// What every function is built from.
    pub app: App,
    /// The images.
    pub images: Images,
}

impl FromRef<AppWithImages> for App {
    fn from_ref(state: &AppWithImages) -> Self {
        state.app.clone()
    }
}

impl FromRef<AppWithImages> for Images {
    fn from_ref(state: &AppWithImages) -> Self {
        state.images.clone()
    }
}

impl Images {
    /// The images in `bucket`, reached through `s3`.
    pub fn new(s3: Client, bucket: String) -> Self {
        Self { s3, bucket }
    }

    /// As the environment of a function says: `IMAGE_BUCKET`.
    ///
    /// # Errors
    /// [`ConfigError`](crate::config::ConfigError) where it says nothing.
    pub fn of_environment(aws: &SdkConfig) -> std::result::Result<Self, crate::config::ConfigError> {
        Ok(Self::new(Client::new(aws), crate::config::require("IMAGE_BUCKET")?))
    }

    /// A request that puts the announced file into the bucket, for five minutes: of this size and type,
    /// which are signed with it, so that S3 refuses any other.
    pub async fn upload_link(&self, shop: &ShopId, id: ImageId, announced: &Announced) -> Result<PresignedRequest> {
        let life = PresigningConfig::expires_in(LooseImage::LINK_LIFE.unsigned_abs());
        let life = life.map_err(|_| Error::Impossible("a link's life is within S3's limits"))?;
        // The checksum would be that of no bytes at all: nothing has been sent yet.
        let without_checksum = Builder::new().request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
        self.s3
            .put_object()
            .bucket(&self.bucket)
            .key(id.pending_object(shop))
            .content_type(announced.format.media_type())
            .content_length(announced.size.into())
            .customize()
            .config_override(without_checksum)
            .presigned(life)
            .await
            .map_err(Error::of_s3)
    }

    /// The bytes that were put into the bucket as the file `id`, at most [`ImageSize::MAX`]; `None`
    /// where nothing was, or more.
    pub async fn pending(&self, shop: &ShopId, id: ImageId) -> Result<Option<Vec<u8>>> {
        match self.get(id.pending_object(shop)).await? {
            Some(object) if object.content_length() <= Some(ImageSize::MAX) => bytes_of(object).await.map(Some),
            Some(_) | None => Ok(None),
        }
    }

    /// The file of an image that a product shows, and what it is written in.
    pub async fn shown(&self, id: ImageId) -> Result<Option<(ImageFormat, Vec<u8>)>> {
        let Some(object) = self.get(id.object()).await? else {
            return Ok(None);
        };
        let bytes = bytes_of(object).await?;
        let format = ImageFormat::of(&bytes).ok_or(Error::Impossible("a file that was looked at is an image"))?;
        Ok(Some((format, bytes)))
    }

    /// Whether there is the file of an image that a product shows.
    pub async fn is_shown(&self, id: ImageId) -> Result<bool> {
        match self.s3.head_object().bucket(&self.bucket).key(id.object()).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(Error::of_s3(error)),
        }
    }

    /// Writes the file of an image to where pages find it.
    pub async fn put(&self, id: ImageId, format: ImageFormat, bytes: Vec<u8>) -> Result<()> {
        let put = self.s3.put_object().bucket(&self.bucket).key(id.object()).content_type(format.media_type());
        put.body(bytes.into()).send().await.map(drop).map_err(Error::of_s3)
    }

    /// Deletes the file of an image, if there is one.
    pub async fn delete(&self, id: ImageId) -> Result<()> {
        self.s3.delete_object().bucket(&self.bucket).key(id.object()).send().await.map(drop).map_err(Error::of_s3)
    }

    async fn get(&self, key: String) -> Result<Option<GetObjectOutput>> {
        match self.s3.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => Ok(Some(object)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(Error::of_s3(error)),
        }
    }
}

/// Whether there is no such object. Who may not list the bucket, as no function of ours may, is told of
/// what is missing that it is forbidden.
fn is_missing<E>(error: &SdkError<E>) -> bool {
    error.raw_response().is_some_and(|response| matches!(response.status().as_u16(), 403 | 404))
}

async fn bytes_of(object: GetObjectOutput) -> Result<Vec<u8>> {
    let body = object.body.collect().await.map_err(|error| Error::Unavailable(error.into()))?;
    Ok(body.to_vec())
}
