use proptest::prelude::*;
use ulid::Ulid;

use super::*;

/// As much as is looked at of a PNG that is `width` pixels wide and `height` high.
fn png(width: u32, height: u32) -> Vec<u8> {
    let signature = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let end = b"\x08\x06\0\0\0csum\0\0\0\0IENDcsum";
    [&signature[..], &width.to_be_bytes(), &height.to_be_bytes(), end].concat()
}

fn check(format: ImageFormat, bytes: &[u8]) -> Result<(u16, u16), Invalid> {
    // A file without bytes can't be announced.
    let size = i64::try_from(bytes.len().max(1)).unwrap().try_into().unwrap();
    let announced = Announced { product: ProductId::new(Ulid::nil()), format, size };
    announced.check(ImageId::new([7; 16]), bytes).map(|(image, _)| (image.width, image.height))
}

#[test]
fn an_id_has_one_spelling() {
    let id = ImageId::new([0xa5; 16]);
    assert_eq!((id.to_string().len(), id.to_string().parse()), (26, Ok(id)));
    let text = id.to_string();
    // 26 characters hold two bits more than an id has: the last has one spelling.
    for other in ["", "a", &text.to_ascii_uppercase(), &format!("{text}a"), &format!("{}b", &text[..25]), "../x"] {
        assert_eq!(other.parse::<ImageId>(), Err(Invalid::Id), "{other:?}");
    }
}

#[test]
fn an_image_is_written_as_one_text() {
    let image = ProductImage { id: ImageId::new([0; 16]), width: 640, height: 10_000 };
    assert_eq!(String::from(image), "aaaaaaaaaaaaaaaaaaaaaaaaaa 640x10000");
    assert_eq!(ProductImage::try_from(String::from(image)), Ok(image));
}

#[test]
fn an_image_is_what_its_bytes_say() {
    assert_eq!(check(ImageFormat::Png, &png(640, 480)), Ok((640, 480)));
    assert_eq!(check(ImageFormat::Png, &png(10_000, 1)), Ok((10_000, 1)));
    for bytes in [png(0, 480), png(640, 0), png(10_001, 480), png(70_000, 1), png(640, 480)[..20].to_vec()] {
        assert_eq!(check(ImageFormat::Png, &bytes), Err(Invalid::Image));
    }
    for bytes in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a\x01\x00\x01\x00", b"", b"\xff\xd8\xff"] {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            assert_eq!(check(format, bytes), Err(Invalid::Image));
        }
    }
    assert_eq!(check(ImageFormat::Jpeg, &png(640, 480)), Err(Invalid::Image));
}

#[test]
fn what_is_announced_is_awaited_for_an_hour_and_kept_for_a_day() {
    let (since, product) = (Timestamp::UNIX_EPOCH, ProductId::new(Ulid::nil()));
    let announced = Announced { product, format: ImageFormat::Png, size: ImageSize(1) };
    let loose = LooseImage { id: ImageId::new([0; 16]), since, announced: Some(announced) };
    let after = |minutes| since.checked_add(SignedDuration::from_mins(minutes)).unwrap();
    assert!(loose.awaited_by(product, after(59)).is_some() && loose.awaited_by(product, after(60)).is_none());
    assert!(loose.awaited_by(ProductId::new(Ulid::from_parts(1, 1)), since).is_none());
    assert!(!loose.is_over(after(24 * 60 - 1)) && loose.is_over(after(24 * 60)));
    assert!(LooseImage { announced: None, ..loose }.is_over(since));
}

proptest! {
    /// Whatever is sent, behind whichever beginning, is an image or refused.
    #[test]
    fn no_bytes_are_too_strange(
        head in prop::sample::select(vec![
            &b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe0\x00\x10JFIF\0", b"\xff\xd8\xff\xc0", b"RIFF\x16\0\0\0WEBPVP8X",
            b"RIFF\x16\0\0\0WEBPVP8L", b"RIFF\x16\0\0\0WEBPVP8 ", b"",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..120),
    ) {
        let bytes = [head, &rest].concat();
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            if let Ok((width, height)) = check(format, &bytes) {
                prop_assert!((1..=10_000).contains(&width) && (1..=10_000).contains(&height));
            }
        }
    }
}
