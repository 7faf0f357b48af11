//! Bodies that no page sends by itself: what a form must survive. Made from a seed, so that a body
//! that does harm can be made again.

use fastrand::Rng;

/// A body, and what it is said to be.
#[derive(Debug, Clone)]
pub struct HostileBody {
    /// The `Content-Type`.
    pub content_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Text that has broken something somewhere before.
const PIECES: [&str; 24] = [
    "\r\nBcc: everybody@example.com\r\n\r\n",
    "\0",
    "\u{202e}moc.elpmaxe@eoz\u{202c}",
    "\u{200b}\u{feff}\u{2066}",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}${7*7}<%= 7 %>",
    "'; DROP TABLE customers; --",
    "=HYPERLINK(\"https://evil.example\")",
    "../../../../etc/passwd",
    "%00%0d%0a%ff",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{fdfa}\u{3300}\u{1d160}",
    "İıſKß",
    "zoe@example.com",
    "a@b.example, c@d.example",
    "\"zoe\"@example.com",
    "zoé@exämple.example",
    "-99999999999999999999999999999999999999",
    "1e309",
    "null",
    "attribute_exists(pk) OR #t = :t",
    "[url=https://evil.example]x[/url]",
];

/// Names that mean something to us, to the table or to somebody's parser.
const NAMES: [&str; 16] = [
    "email",
    "name",
    "prenom",
    "message",
    "phone",
    "birthday",
    "marketing_email",
    "_next",
    "_stamp",
    "_idempotency_key",
    "pk",
    "__proto__",
    "a[b][c]",
    "",
    "#t",
    "\u{202e}liame",
];

/// One body after the other, for ever.
pub fn hostile_bodies(seed: u64) -> impl Iterator<Item = HostileBody> {
    let mut chance = Rng::with_seed(seed);
    std::iter::repeat_with(move || hostile_body(&mut chance))
}

fn hostile_body(chance: &mut Rng) -> HostileBody {
    let mut body = match chance.u8(..8) {
        0 | 1 => urlencoded(chance),
        2 | 3 => multipart(chance),
        4 | 5 => json(chance),
        6 => deep(chance),
        _ => noise(chance),
    };
    match chance.u8(..8) {
        0 => body.bytes.truncate(chance.usize(..=body.bytes.len())),
        1 => flip(chance, &mut body.bytes),
        2 => body.bytes.resize(chance.usize(60_000..70_000), b'a'),
        _ => {}
    }
    body
}

/// Some pieces one behind the other, often under an address that is one.
fn text(chance: &mut Rng) -> String {
    if chance.u8(..3) == 0 {
        return format!("visitor{}@example.com", chance.u32(..));
    }
    let long = if chance.u8(..20) == 0 { 500 } else { 1 };
    let pieces = (0..chance.usize(..4)).map(|_| PIECES[chance.usize(..PIECES.len())]).collect::<String>();
    pieces.repeat(long)
}

fn pairs(chance: &mut Rng) -> Vec<(String, String)> {
    let many = if chance.u8(..20) == 0 { 300 } else { 8 };
    let mut pairs: Vec<(String, String)> =
        (0..chance.usize(..many)).map(|_| (NAMES[chance.usize(..NAMES.len())].to_owned(), text(chance))).collect();
    if chance.bool() {
        pairs.push(("email".to_owned(), format!("visitor{}@example.com", chance.u32(..))));
    }
    pairs
}

fn urlencoded(chance: &mut Rng) -> HostileBody {
    let pairs = pairs(chance);
    let bytes = if chance.bool() {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish()
    } else {
        pairs.iter().map(|(name, value)| format!("{name}={value}&")).collect()
    };
    HostileBody { content_type: "application/x-www-form-urlencoded".to_owned(), bytes: bytes.into_bytes() }
}

fn multipart(chance: &mut Rng) -> HostileBody {
    let boundary = ["x", "----WebKitFormBoundary7MA4YWxk", "a b", ""][chance.usize(..4)];
    let mut bytes = String::new();
    for (name, value) in pairs(chance) {
        let more = ["", "; filename=\"\"", "; filename=\"../x.php\"", "; filename*=utf-8''%ff"][chance.usize(..4)];
        let of = if chance.bool() { "" } else { more };
        bytes.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{of}\r\n\r\n{value}\r\n"
        ));
    }
    if chance.u8(..4) > 0 {
        bytes.push_str(&format!("--{boundary}--\r\n"));
    }
    let content_type = format!("multipart/form-data; boundary=\"{boundary}\"");
    HostileBody { content_type, bytes: bytes.into_bytes() }
}

fn json(chance: &mut Rng) -> HostileBody {
    let value = |chance: &mut Rng, text: String| match chance.u8(..6) {
        0 => serde_json::json!([text, 1, true, null]),
        1 => serde_json::json!(chance.f64() * 1e300),
        2 => serde_json::json!({ "a": text }),
        _ => serde_json::json!(text),
    };
    let members = pairs(chance)
        .into_iter()
        .map(|(name, text)| format!("{}:{}", serde_json::Value::from(name), value(chance, text)));
    let bytes = format!("{{{}}}", members.collect::<Vec<_>>().join(",")).into_bytes();
    HostileBody { content_type: "application/json".to_owned(), bytes }
}

/// What is as deep as it is long.
fn deep(chance: &mut Rng) -> HostileBody {
    let depth = chance.usize(1..30_000);
    let (open, close) = if chance.bool() { ("[", "]") } else { ("{\"a\":", "}") };
    let inner = format!("{}1{}", open.repeat(depth.min(8_000)), close.repeat(depth.min(8_000)));
    let bytes = format!("{{\"email\":\"zoe@example.com\",\"a\":{inner}}}").into_bytes();
    HostileBody { content_type: "application/json".to_owned(), bytes }
}

fn noise(chance: &mut Rng) -> HostileBody {
    let types = [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=",
        "application/json; charset=utf-16",
        "text/plain",
        "application/octet-stream",
        ";;;",
        "",
    ];
    let bytes = (0..chance.usize(..2_000)).map(|_| chance.u8(..)).collect();
    HostileBody { content_type: types[chance.usize(..types.len())].to_owned(), bytes }
}

fn flip(chance: &mut Rng, bytes: &mut [u8]) {
    for _ in 0..1 + bytes.len() / 50 {
        if let Some(byte) = chance.choice(bytes.iter_mut()) {
            *byte ^= 1 << chance.u8(..8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_bodies_again_and_every_kind_of_them() {
        let made =
            |seed| hostile_bodies(seed).take(200).map(|body| (body.content_type, body.bytes)).collect::<Vec<_>>();
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        assert!(made(1).iter().any(|(_, bytes)| bytes.len() > 64 * 1024));
        assert!(made(1).iter().any(|(_, bytes)| std::str::from_utf8(bytes).is_err()));
    }
}
