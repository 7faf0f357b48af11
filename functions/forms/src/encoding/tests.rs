use proptest::prelude::*;
use serde_json::json;

use super::*;

const URLENCODED: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn sent(content_type: &str, body: impl Into<Bytes>) -> Result<SentFields, ProblemKind> {
    block_on(decode(content_type, body.into())).map_err(|problem| problem.kind())
}

fn fields(pairs: &[(&str, &[&str])]) -> SentFields {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    pairs.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect()
}

fn part(name: &str, value: &str) -> String {
    format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

#[test]
fn three_encodings_are_one_form() {
    let expected = Ok(fields(&[("a", &["1", "2"]), ("name", &["Zoé Dupont"])]));
    assert_eq!(sent("application/x-www-form-urlencoded; charset=utf-8", "name=Zo%C3%A9+Dupont&a=1&&a=2"), expected);
    assert_eq!(sent(JSON, r#"{"name":"Zoé Dupont","a":[1,"2"],"b":null}"#), expected);
    assert_eq!(sent(JSON, r#"{"a":1,"name":"Zoé Dupont","a":"2"}"#), expected);
    let body = format!("{}{}{}--x--\r\n", part("name", "Zoé Dupont"), part("a", "1"), part("a", "2"));
    assert_eq!(sent("multipart/form-data; boundary=x", body), expected);
}

#[test]
fn what_is_no_form_is_refused() {
    for (content_type, body, kind) in [
        ("text/plain", "a=1", ProblemKind::UnsupportedMediaType),
        ("", "a=1", ProblemKind::UnsupportedMediaType),
        (JSON, "", ProblemKind::Malformed),
        (JSON, "{", ProblemKind::Malformed),
        (JSON, "{} {}", ProblemKind::Malformed),
        (JSON, "[]", ProblemKind::Invalid),
        (JSON, "null", ProblemKind::Invalid),
        (JSON, r#"{"a":{}}"#, ProblemKind::Invalid),
        (JSON, r#"{"a":[[]]}"#, ProblemKind::Invalid),
        (JSON, r#"{"a":"\ud800"}"#, ProblemKind::Malformed),
        (JSON, r#"{"a":1e400}"#, ProblemKind::Malformed),
        ("multipart/form-data", "", ProblemKind::Malformed),
        ("multipart/form-data; boundary=x", "--x\r\nContent-Disp", ProblemKind::Malformed),
        ("multipart/form-data; boundary=x", &part("a", "1"), ProblemKind::Malformed),
    ] {
        assert_eq!(sent(content_type, body.to_owned()), Err(kind), "{content_type} {body}");
    }
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    assert_eq!(sent(JSON, deep), Err(ProblemKind::Malformed));
    assert_eq!(sent(JSON, &b"{\"a\":\"\xff\"}"[..]), Err(ProblemKind::Malformed));
    assert_eq!(sent(URLENCODED, vec!["a=1"; 101].join("&")), Err(ProblemKind::Invalid));
    assert_eq!(sent(URLENCODED, "n".repeat(101)), Err(ProblemKind::Invalid));
}

#[test]
fn files_are_refused_by_name_and_a_file_that_nobody_chose_is_none() {
    let file = |name: &str, file: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n\x01\r\n")
    };
    let body = |parts: &[String]| Bytes::from(format!("{}--x--\r\n", parts.concat()));
    let content_type = "multipart/form-data; boundary=x";
    let refused = body(&[file("cv", "cv.pdf"), part("a", "1"), file("a/b", "b.txt")]);
    let problem = block_on(decode(content_type, refused)).unwrap_err();
    let named: Vec<&str> = problem.errors().iter().map(FieldError::pointer).collect();
    assert_eq!(named, ["/cv", "/a~1b"]);
    assert!(problem.errors().iter().all(|error| *error == FieldError::new(error.pointer(), Invalid::File)));
    let none = body(&[file("cv", ""), part("a", "1")]);
    assert_eq!(sent(content_type, none).unwrap().keys().collect::<Vec<_>>(), ["a", "cv"]);
}

#[test]
fn what_is_strange_is_kept_as_it_was_sent() {
    let strange = "a%00=%0D%0ABcc:&%E2%80%AE=%3Cb%3E&=x&y&%E9t%E9=%E9&%=%zz&=z";
    let expected = fields(&[
        ("%", &["%zz"]),
        ("a\0", &["\r\nBcc:"]),
        ("unnamed", &["x", "z"]),
        ("y", &[""]),
        ("été", &["é"]),
        ("\u{202e}", &["<b>"]),
    ]);
    assert_eq!(sent(URLENCODED, strange), Ok(expected));
}

/// Names and values of one form.
fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    // What a multipart header can hold as it is; values are anything.
    prop::collection::vec(("[a-zA-Zà-ÿ0-9 _.-]{1,20}", any::<String>()), 0..12)
}

proptest! {
    #[test]
    fn any_bytes_are_fields_or_a_problem(body in prop::collection::vec(any::<u8>(), 0..400)) {
        for content_type in [URLENCODED, JSON, "multipart/form-data; boundary=x", "multipart/form-data; boundary=\"\""] {
            drop(sent(content_type, body.clone()));
        }
        let part = [b"--x\r\nContent-Disposition: form-data; name=\"", &body[..], b"\r\n--x--\r\n"].concat();
        drop(sent("multipart/form-data; boundary=x", part));
    }

    #[test]
    fn one_form_is_the_same_in_every_encoding(pairs in pairs()) {
        let mut expected = SentFields::new();
        for (name, value) in &pairs {
            expected.entry(name.clone()).or_default().push(value.clone());
        }
        let urlencoded: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        prop_assert_eq!(sent(URLENCODED, urlencoded), Ok(expected.clone()));
        prop_assert_eq!(sent(JSON, json!(expected).to_string()), Ok(expected.clone()));
        let parts: String = pairs.iter().map(|(name, value)| part(name, value)).collect();
        // A value that holds the boundary would end its part: a browser picks another boundary.
        prop_assume!(pairs.iter().all(|(_, value)| !value.contains("--x")));
        let body = format!("{parts}--x--\r\n");
        prop_assert_eq!(sent("multipart/form-data; boundary=x", body), Ok(expected.clone()));
    }
}
