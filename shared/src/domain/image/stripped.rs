//! What a file tells beside its image is taken out before anybody sees it: a telephone writes where
//! its owner stood into every photograph.
//!
//! Nothing is decoded. The parts that show the image are copied, and so are its colours; of the rest,
//! only which side of a photograph is up stays, since it would lie on its side otherwise. What stands
//! behind the end is left out: some telephones add a second image there, with a place of its own.

use super::ImageFormat;

/// A file that shows its image and tells nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether it is shown lying on its side: what is stored as its width is its height.
    pub turned: bool,
}

impl Stripped {
    /// What is left of `bytes`; `None` where they are no whole file of this format.
    pub fn of(format: ImageFormat, bytes: &[u8]) -> Option<Self> {
        let (bytes, up) = match format {
            ImageFormat::Jpeg => jpeg(bytes)?,
            ImageFormat::Png => (png(bytes)?, None),
            ImageFormat::WebP => webp(bytes)?,
        };
        Some(Self { bytes, turned: up.is_some_and(|up| up >= 5) })
    }
}

/// The first `at` bytes, which are taken off `rest`.
fn take<'a>(rest: &mut &'a [u8], at: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(at)?;
    *rest = left;
    Some(taken)
}

const EXIF: &[u8] = b"Exif\0\0";

/// Segments up to the end of the image (ITU T.81, B.1); which side is up stands first.
fn jpeg(bytes: &[u8]) -> Option<(Vec<u8>, Option<u8>)> {
    let (mut rest, mut kept, mut up) = (bytes.strip_prefix(b"\xff\xd8")?, Vec::new(), None);
    loop {
        let start = rest.iter().position(|byte| *byte != 0xff)?;
        take(&mut rest, start).filter(|fill| !fill.is_empty())?;
        let marker = take(&mut rest, 1)?[0];
        match marker {
            0xd9 => break,
            // Those without a length.
            0x01 | 0xd0..=0xd7 => kept.extend([0xff, marker]),
            _ => {
                let length = rest.first_chunk().map(|length| u16::from_be_bytes(*length))?;
                let segment = take(&mut rest, length.into())?.get(2..)?;
                if marker == 0xe1 && up.is_none() {
                    up = segment.strip_prefix(EXIF).and_then(orientation);
                }
                if shows(marker, segment) {
                    kept.extend([0xff, marker]);
                    kept.extend(length.to_be_bytes());
                    kept.extend(segment);
                }
            }
        }
        if marker == 0xda || matches!(marker, 0xd0..=0xd7) {
            let end = scan(rest)?;
            kept.extend(take(&mut rest, end)?);
        }
    }
    let about = up.map(|up| [b"\xff\xe1\x00\x22", EXIF, &only_orientation(up)].concat()).unwrap_or_default();
    Some(([b"\xff\xd8", &about[..], &kept, b"\xff\xd9"].concat(), up))
}

/// Whether a segment has to do with how the image looks: of those for applications, JFIF's, colour
/// profiles and Adobe's.
fn shows(marker: u8, segment: &[u8]) -> bool {
    match marker {
        0xe0 => segment.starts_with(b"JFIF\0"),
        0xe2 => segment.starts_with(b"ICC_PROFILE\0"),
        0xee => segment.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// Where the pixels end that `bytes` begin with: at a marker other than a restart's.
fn scan(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff))
}

/// Chunks up to the last (PNG, 5.6); browsers don't agree on which side of a PNG is up.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let signature = b"\x89PNG\r\n\x1a\n";
    let (mut rest, mut kept) = (bytes.strip_prefix(signature)?, signature.to_vec());
    loop {
        let length = rest.first_chunk().map(|length| u32::from_be_bytes(*length))?;
        let whole = usize::try_from(length).ok()?.checked_add(12)?;
        let chunk = take(&mut rest, whole)?;
        let kind = chunk.get(4..8)?;
        // Lower case is what an image can do without: of that, how colours look and what is see-through.
        let looks: [&[u8]; 8] = [b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"pHYs"];
        if kind[0].is_ascii_uppercase() || looks.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(kept);
        }
    }
}

/// Chunks as long as the file says it is (RFC 9649); which side is up stands last.
fn webp(bytes: &[u8]) -> Option<(Vec<u8>, Option<u8>)> {
    const HAS_EXIF: u8 = 0b1000;
    const HAS_XMP: u8 = 0b0100;
    let head = bytes.first_chunk::<12>().filter(|head| head.starts_with(b"RIFF") && head.ends_with(b"WEBP"))?;
    let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    let end = usize::try_from(length).ok()?.checked_add(8)?;
    let (mut rest, mut kept, mut up) = (bytes.get(12..end)?, Vec::new(), None);
    while !rest.is_empty() {
        let (kind, length) = (take(&mut rest, 4)?, take(&mut rest, 4)?);
        let content = take(&mut rest, u32::from_le_bytes(length.try_into().ok()?).try_into().ok()?)?;
        // Every chunk begins at an even place.
        let odd = content.len() % 2;
        rest = rest.get(odd..).unwrap_or_default();
        match kind {
            b"EXIF" => up = up.or_else(|| orientation(content.strip_prefix(EXIF).unwrap_or(content))),
            b"VP8X" if content.len() < 10 => return None,
            b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => {
                kept.extend([kind, length, content, &[0][..odd]].concat());
            }
            _ => {}
        }
    }
    // Only an extended file, whose first chunk has flags, says which side is up.
    let extended = kept.starts_with(b"VP8X");
    up = up.filter(|_| extended);
    if let Some(flags) = kept.get_mut(8).filter(|_| extended) {
        *flags = (*flags & !(HAS_EXIF | HAS_XMP)) | up.map_or(0, |_| HAS_EXIF);
    }
    let about = up.map(|up| [b"EXIF\x1a\0\0\0", &only_orientation(up)[..]].concat()).unwrap_or_default();
    let length = u32::try_from(4 + kept.len() + about.len()).ok()?;
    Some(([b"RIFF", &length.to_le_bytes()[..], b"WEBP", &kept, &about].concat(), up))
}

/// Which side is up, 2 to 8, as the first directory of `exif` says (TIFF 6.0); `None` where it is the
/// first line that is.
fn orientation(exif: &[u8]) -> Option<u8> {
    let little = match exif.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes = exif.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(*bytes) } else { u16::from_be_bytes(*bytes) })
    };
    let first = exif.get(4..8)?.first_chunk()?;
    let first = if little { u32::from_le_bytes(*first) } else { u32::from_be_bytes(*first) };
    let first = usize::try_from(first).ok()?;
    let entries = (0..two(first)?).map(|entry| first.saturating_add(2 + 12 * usize::from(entry)));
    let found = entries.into_iter().take_while(|at| two(*at).is_some()).find(|at| two(*at) == Some(0x0112))?;
    let up = two(found.checked_add(8)?)?;
    u8::try_from(up).ok().filter(|up| (2..=8).contains(up))
}

/// 26 bytes that say which side is up, and nothing else.
fn only_orientation(up: u8) -> [u8; 26] {
    let mut exif = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    exif[19] = up;
    exif
}

#[cfg(test)]
mod tests;
