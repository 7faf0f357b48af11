//! Files of images, and how they come to a product: announced, sent to where the answer says, attached.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::app::TestApp;
use crate::ask::{Answer, Ask, Member, OWNER, SELLER};

/// A PNG of so many pixels, black and white in stripes, with a remark that has every byte there is.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let remark: Vec<u8> = b"Comment\0".iter().copied().chain(0..=255).collect();
    png_with(width, height, &[(b"tEXt", remark)])
}

/// The same without the remark: what is shown of it.
pub fn bare_png(width: u32, height: u32) -> Vec<u8> {
    png_with(width, height, &[])
}

fn png_with(width: u32, height: u32, said: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let row = [&[0][..], &vec![0b1111_0000; usize::try_from(width.div_ceil(8)).unwrap()]].concat();
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::default());
    (0..height).for_each(|_| pixels.write_all(&row).unwrap());
    let pixels = [(b"IDAT", pixels.finish().unwrap()), (b"IEND", Vec::new())];
    let chunks = [&[(b"IHDR", header)], said, &pixels].concat();
    let chunks = chunks.into_iter().map(|(kind, data)| chunk(kind, &data));
    [b"\x89PNG\r\n\x1a\n".to_vec()].into_iter().chain(chunks).flatten().collect()
}

/// A part of a PNG: its length, kind, content and checksum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(data);
    let length = u32::try_from(data.len()).unwrap();
    [&length.to_be_bytes()[..], kind, data, &sum.sum().to_be_bytes()].concat()
}

/// A JPEG as far as anybody looks into it.
pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let app0 = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
    let frame = b"\xff\xc0\x00\x11\x08";
    [&app0[..], frame, &height.to_be_bytes(), &width.to_be_bytes(), &[3; 10], b"\xff\xd9"].concat()
}

/// The same of a WebP in its extended form.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    let side = |pixels: u32| (pixels - 1).to_le_bytes()[..3].to_vec();
    let head = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0";
    [&head[..], &side(width), &side(height)].concat()
}

impl TestApp {
    /// `POST /v1/products/{id}/image-uploads` for a file of this type and size.
    pub async fn announce_image(&self, by: Member, product: &str, content_type: &str, size: usize) -> Answer {
        let ask = Ask::post(format!("/v1/products/{product}/image-uploads")).by(by).once();
        self.send(ask.json(&json!({ "content_type": content_type, "size": size }))).await
    }

    /// What names a PNG that was announced and sent.
    pub async fn upload_image(&self, product: &str, file: &[u8]) -> String {
        let announced = self.announce_image(SELLER, product, "image/png", file.len()).await.expect(201).json();
        assert_eq!(put(&announced, &[], file).await, 200);
        announced["upload"].as_str().unwrap().to_owned()
    }

    /// `PUT /v1/products/{id}/image` of whatever version stands.
    pub async fn attach_image(&self, by: Member, product: &str, upload: &str) -> Answer {
        let ask = Ask::new(Method::PUT, format!("/v1/products/{product}/image")).by(by).header("if-match", "*");
        self.send(ask.json(&json!({ "upload": upload }))).await
    }

    /// The image of a product that nothing else is done with.
    pub async fn product_with_image(&self) -> String {
        let product = self.honey(OWNER).await;
        let upload = self.upload_image(&product, &png(640, 480)).await;
        self.attach_image(OWNER, &product, &upload).await.expect(200);
        upload
    }

    /// The path of the image of a product that has one.
    pub fn image_path(&self, product: &Value) -> String {
        product["image"]["url"].as_str().unwrap().strip_prefix(self.stack.base_url()).unwrap().to_owned()
    }

    /// The keys of the files in the bucket, below `images/`.
    pub async fn image_files(&self) -> Vec<String> {
        let services = self.stack.services();
        let listed = services.s3.list_objects_v2().bucket(&services.image_bucket).prefix("images/").send().await;
        listed.unwrap().contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }
}

/// Sends `file` as the announcement says, but for headers that are `changed`; the status.
pub async fn put(announced: &Value, changed: &[(&str, String)], file: &[u8]) -> u16 {
    assert_eq!(announced["method"], "PUT");
    let url = url::Url::parse(announced["url"].as_str().unwrap()).unwrap();
    let authority = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut headers = announced["headers"].clone();
    for (name, value) in changed {
        headers[name] = value.clone().into();
    }
    let target = &url[url::Position::BeforePath..];
    let mut request = format!("PUT {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n");
    for (name, value) in headers.as_object().unwrap().iter().filter(|(name, _)| *name != "host") {
        request.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap()));
    }
    let mut socket = tokio::net::TcpStream::connect(&authority).await.unwrap();
    socket.write_all(&[format!("{request}\r\n").as_bytes(), file].concat()).await.unwrap();
    let mut answer = Vec::new();
    // Who refuses may hang up before it has read everything.
    drop(socket.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).split(' ').nth(1).expect("an answer").parse().unwrap()
}
