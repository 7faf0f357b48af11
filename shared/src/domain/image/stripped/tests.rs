use proptest::prelude::*;

use super::*;

const PLACE: &[u8] = b"48.8583 N 2.2945 E";

fn exif(up: u8) -> Vec<u8> {
    [&only_orientation(up)[..], PLACE].concat()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
}

fn a_jpeg(up: u8) -> Vec<u8> {
    let frame = b"\x08\x00\x30\x00\x40\x03\x01\x11\0\x02\x11\0\x03\x11\0";
    [
        b"\xff\xd8".to_vec(),
        segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xe1, &[EXIF, &exif(up)].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", PLACE].concat()),
        segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", &b"colours"[..]].concat()),
        segment(0xe2, &[b"MPF\0", PLACE].concat()),
        segment(0xed, PLACE),
        segment(0xfe, PLACE),
        segment(0xc0, frame),
        segment(0xda, b"\x03"),
        b"pixels\xff\0\xff\xd0more".to_vec(),
        segment(0xc4, b"table"),
        segment(0xda, b"\x03"),
        b"again\xff\xd9".to_vec(),
        [b"\xff\xd8", PLACE].concat(),
    ]
    .concat()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap();
    [&length.to_be_bytes()[..], kind, content, b"csum"].concat()
}

fn a_png() -> Vec<u8> {
    let header = chunk(b"IHDR", b"\0\0\0\x40\0\0\0\x30\x08\x06\0\0\0");
    let told = [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"].map(|kind| chunk(kind, PLACE)).concat();
    let rest = [chunk(b"gAMA", b"1234"), chunk(b"IDAT", b"pixels"), chunk(b"IEND", b""), PLACE.to_vec()].concat();
    [b"\x89PNG\r\n\x1a\n", &header[..], &told, &rest].concat()
}

fn a_webp(up: u8) -> Vec<u8> {
    let part = |kind: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap();
        [&kind[..], &length.to_le_bytes(), content, &[0][..content.len() % 2]].concat()
    };
    let parts = [
        part(b"VP8X", b"\x1c\0\0\0\x3f\0\0\x2f\0\0"),
        part(b"VP8L", b"pixel"),
        part(b"EXIF", &exif(up)),
        part(b"XMP ", PLACE),
    ];
    let parts = parts.concat();
    let length = u32::try_from(parts.len() + 4).unwrap();
    [b"RIFF", &length.to_le_bytes()[..], b"WEBP", &parts, PLACE].concat()
}

fn tells(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn a_photograph_does_not_tell_where_it_was_taken() {
    for up in 1..=8 {
        let files = [
            (ImageFormat::Jpeg, a_jpeg(up), &[&b"ICC_PROFILE"[..], b"pixels\xff\0\xff\xd0more", b"again"][..]),
            (ImageFormat::Png, a_png(), &[b"gAMA", b"IDAT"]),
            (ImageFormat::WebP, a_webp(up), &[b"pixel"]),
        ];
        for (format, file, kept) in files {
            let stripped = Stripped::of(format, &file).unwrap();
            assert!(tells(&file, PLACE) && !tells(&stripped.bytes, PLACE), "{format:?}");
            assert!(kept.iter().all(|kept| tells(&stripped.bytes, kept)), "{format:?}");
            assert_eq!(stripped.turned, up >= 5 && format != ImageFormat::Png);
            assert_eq!(ImageFormat::of(&stripped.bytes), Some(format));
            assert_eq!(imagesize::blob_size(&stripped.bytes).unwrap(), imagesize::blob_size(&file).unwrap());
            // What is left has nothing more to lose, and is up as it was.
            assert_eq!(Stripped::of(format, &stripped.bytes), Some(stripped));
        }
    }
}

proptest! {
    /// Whatever is sent is read to its end or refused, and reads the same when it is stripped.
    #[test]
    fn no_bytes_are_too_strange(
        file in prop::sample::select(vec![a_jpeg(6), a_jpeg(1), a_png(), a_webp(8)]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        length in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let mut file = file;
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if !whole {
            file.truncate(length.index(file.len()));
        }
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            if let Some(stripped) = Stripped::of(format, &file) {
                prop_assert_eq!(Stripped::of(format, &stripped.bytes), Some(stripped));
            }
        }
    }
}
