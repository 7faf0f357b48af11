//! Images of products: what may be one, and the files that no product shows.
//!
//! A member of staff announces a file, puts it into the bucket by a signed link, and has it attached
//! to its product. A file has an id of our own, drawn anew for each and never used again: whoever
//! has seen it may keep it for ever.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use imagesize::ImageType;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use self::stripped::Stripped;
use super::{Invalid, ProductId, ShopId};

mod stripped;

/// An image's file: 128 bits that nobody guesses, as 26 lower-case letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageId([u8; 16]);

impl ImageId {
    /// The id made of `random` bytes.
    pub const fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// Where the file that a product shows stands in the bucket.
    pub fn object(self) -> String {
        format!("images/{self}")
    }

    /// Where a file of `shop` is put that was announced. Nothing stands there for longer than two days.
    pub fn pending_object(self, shop: &ShopId) -> String {
        format!("pending/{shop}/{self}")
    }
}

impl FromStr for ImageId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).map_err(|_| Invalid::Id)?;
        let id = bytes.try_into().map(Self).map_err(|_| Invalid::Id)?;
        if id.to_string() == text { Ok(id) } else { Err(Invalid::Id) }
    }
}

impl TryFrom<String> for ImageId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<ImageId> for String {
    fn from(id: ImageId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
    }
}

impl fmt::Debug for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImageId({self})")
    }
}

/// What an image may be written in: what every browser shows, and nothing that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageFormat {
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// WebP.
    #[serde(rename = "image/webp")]
    WebP,
}

impl ImageFormat {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// What `bytes` begin like, whatever anybody calls them.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match imagesize::image_type(bytes).ok()? {
            ImageType::Jpeg => Some(Self::Jpeg),
            ImageType::Png => Some(Self::Png),
            ImageType::Webp => Some(Self::WebP),
            _ => None,
        }
    }
}

/// The image that a product shows. The page reserves its room before the file is there.
///
/// Written as one text, `<id> <width>x<height>`: a page reads sixty of them, and pays by the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProductImage {
    /// The file.
    pub id: ImageId,
    /// Pixels from left to right.
    pub width: u16,
    /// Pixels from top to bottom.
    pub height: u16,
}

impl ProductImage {
    /// The longest side, in pixels: more than any screen shows, and less than a decoder chokes on.
    pub const LONGEST_SIDE: usize = 10_000;
}

impl TryFrom<String> for ProductImage {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let (id, sides) = text.split_once(' ').ok_or(Invalid::Image)?;
        let (width, height) = sides.split_once('x').ok_or(Invalid::Image)?;
        let side = |text: &str| text.parse().map_err(|_| Invalid::Image);
        Ok(Self { id: id.parse()?, width: side(width)?, height: side(height)? })
    }
}

impl From<ProductImage> for String {
    fn from(ProductImage { id, width, height }: ProductImage) -> Self {
        format!("{id} {width}x{height}")
    }
}

/// How many bytes a file has: 1 to [`ImageSize::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct ImageSize(u32);

impl ImageSize {
    /// The largest file, in bytes. A well compressed photograph of a thousand pixels a side has a fifth
    /// of it; a telephone that scrolled through sixty of the largest would have loaded 30 MiB.
    pub const MAX: i64 = 512 * 1024;
}

impl TryFrom<i64> for ImageSize {
    type Error = Invalid;

    fn try_from(bytes: i64) -> Result<Self, Invalid> {
        match u32::try_from(bytes) {
            Ok(size) if (1..=Self::MAX).contains(&bytes) => Ok(Self(size)),
            _ => Err(Invalid::OutOfRange { min: 1, max: Self::MAX }),
        }
    }
}

impl From<ImageSize> for i64 {
    fn from(size: ImageSize) -> Self {
        size.0.into()
    }
}

/// What was said of a file before it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The product that it is to be the image of.
    pub product: ProductId,
    /// What it is written in.
    pub format: ImageFormat,
    /// How many bytes it has.
    pub size: ImageSize,
}

impl Announced {
    /// The image that `bytes` are, if they are what was announced, and the file that shows it: what
    /// else they tell is taken out.
    ///
    /// # Errors
    /// [`Invalid::Image`] where they are of another size or format, or their sides are none that can
    /// be shown.
    pub fn check(&self, id: ImageId, bytes: &[u8]) -> Result<(ProductImage, Vec<u8>), Invalid> {
        let as_said = i64::try_from(bytes.len()) == Ok(self.size.into()) && ImageFormat::of(bytes) == Some(self.format);
        let stripped = Stripped::of(self.format, bytes).filter(|_| as_said).ok_or(Invalid::Image)?;
        // The very file that is shown: one that reads otherwise without what it told is refused.
        let read_as_said = ImageFormat::of(&stripped.bytes) == Some(self.format);
        let sides = imagesize::blob_size(&stripped.bytes).ok().filter(|_| read_as_said).ok_or(Invalid::Image)?;
        let side = |pixels: usize| {
            let shown = (1..=ProductImage::LONGEST_SIDE).contains(&pixels);
            u16::try_from(pixels).ok().filter(|_| shown).ok_or(Invalid::Image)
        };
        let (width, height) = (side(sides.width)?, side(sides.height)?);
        let (width, height) = if stripped.turned { (height, width) } else { (width, height) };
        Ok((ProductImage { id, width, height }, stripped.bytes))
    }
}

/// A file that no product shows: announced and not attached yet, or taken off its product.
///
/// It is written down before the file can be there, and forgotten after the file is gone, so that no
/// lost process leaves a file that nothing names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LooseImage {
    /// The file.
    pub id: ImageId,
    /// Since when.
    pub since: Timestamp,
    /// What was announced; nothing where a product showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Announced>,
}

impl LooseImage {
    /// One that a product showed until `now`.
    pub fn taken_off(id: ImageId, now: Timestamp) -> Self {
        Self { id, since: now, announced: None }
    }

    /// How long the link works by which a file is put into the bucket.
    pub const LINK_LIFE: SignedDuration = SignedDuration::from_mins(5);
    /// How long a file may be attached after it was announced.
    const ATTACHED_WITHIN: SignedDuration = SignedDuration::from_hours(1);
    /// When an announced file is given up. The hours between are for requests that are under way.
    const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

    /// What was announced, while it may become the image of `product`.
    pub fn awaited_by(&self, product: ProductId, now: Timestamp) -> Option<&Announced> {
        let in_time = now.duration_since(self.since) < Self::ATTACHED_WITHIN;
        self.announced.as_ref().filter(|announced| in_time && announced.product == product)
    }

    /// Whether its file, if there is one, is to be deleted.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.announced.is_none() || now.duration_since(self.since) >= Self::GIVEN_UP_AFTER
    }
}

#[cfg(test)]
mod tests;
