//! An HTTP request as the event that API Gateway (payload format 2.0) hands to a function.

use std::collections::BTreeMap;
use std::net::IpAddr;

use data_encoding::BASE64;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HOST, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::routes::Route;

/// The media types whose bodies API Gateway passes as text; all others arrive in base 64.
const TEXT_TYPES: [&str; 3] = ["application/json", "application/javascript", "application/xml"];
const ACCOUNT: &str = "000000000000";
const API_ID: &str = "laptop";

/// What the gateway knows about a request besides the request.
pub(super) struct Received<'a> {
    pub(super) route: &'a Route,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) claims: Option<Map<String, Value>>,
    pub(super) source: IpAddr,
    /// The gateway's own `host:port`, for requests that name none that can be read.
    pub(super) authority: &'a str,
    pub(super) request_id: &'a str,
    /// The wall clock: what a request is stamped with is no domain time.
    pub(super) at: Timestamp,
}

pub(super) fn event(parts: &Parts, body: &[u8], received: Received<'_>) -> Value {
    let (is_base64, body_text) = body_text(&parts.headers, body);
    let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy().into_owned();
    let query = parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": received.route.key(),
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers(parts, &received),
        "requestContext": context(parts, &path, &received),
        "isBase64Encoded": is_base64,
    });
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        event["cookies"] = cookies.into();
    }
    let parameters = query_parameters(query);
    if !parameters.is_empty() {
        event["queryStringParameters"] = json!(parameters);
    }
    if !received.parameters.is_empty() {
        event["pathParameters"] = json!(received.parameters);
    }
    if let Some(text) = body_text {
        event["body"] = text.into();
    }
    event
}

fn context(parts: &Parts, path: &str, received: &Received<'_>) -> Value {
    let user_agent = parts.headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let mut context = json!({
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": received.authority,
        "domainPrefix": API_ID,
        "http": {
            "method": parts.method.as_str(),
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": received.source.to_string(),
            "userAgent": user_agent.unwrap_or_default(),
        },
        "requestId": received.request_id,
        "routeKey": received.route.key(),
        "stage": "$default",
        "time": received.at.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
        "timeEpoch": received.at.as_millisecond(),
    });
    if let Some(claims) = &received.claims {
        context["authorizer"] = json!({ "jwt": { "claims": claims, "scopes": null } });
    }
    context
}

/// Repeated headers joined by a comma, cookies apart, and what a proxy adds.
fn headers(parts: &Parts, received: &Received<'_>) -> BTreeMap<String, String> {
    let mut joined = BTreeMap::new();
    for name in parts.headers.keys().filter(|name| **name != COOKIE) {
        joined.insert(name.to_string(), values(&parts.headers, name).join(","));
    }
    let port = received.authority.rsplit(':').next().unwrap_or_default();
    let source = received.source.to_string();
    let forwarded = joined.get("x-forwarded-for").map_or(source.clone(), |before| format!("{before}, {source}"));
    joined.insert("x-forwarded-for".to_owned(), forwarded);
    joined.insert("x-forwarded-port".to_owned(), port.to_owned());
    joined.insert("x-forwarded-proto".to_owned(), "http".to_owned());
    joined.insert(HOST.to_string(), host(&parts.headers, received.authority));
    joined
}

/// The host asked for. `lambda_http` panics on one that can't stand in an address.
fn host(headers: &HeaderMap, authority: &str) -> String {
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let readable = asked.chars().all(plain) && url::Url::parse(&format!("http://{asked}/")).is_ok();
    if readable { asked.to_owned() } else { authority.to_owned() }
}

fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let all = values(headers, &COOKIE);
    all.iter().flat_map(|line| line.split(';')).map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        joined
            .entry(name.into_owned())
            .and_modify(|before| {
                before.push(',');
                before.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    joined
}

/// The body as it stands in the event, and whether in base 64.
fn body_text(headers: &HeaderMap, body: &[u8]) -> (bool, Option<String>) {
    if body.is_empty() {
        return (false, None);
    }
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text/plain");
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_text = media_type.starts_with("text/") || TEXT_TYPES.contains(&media_type.as_str());
    match std::str::from_utf8(body) {
        Ok(text) if is_text && !headers.contains_key(CONTENT_ENCODING) => (false, Some(text.to_owned())),
        _ => (true, Some(BASE64.encode(body))),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use lambda_http::request::LambdaRequest;

    use super::*;
    use crate::function::Function;

    fn event_of(request: http::request::Builder, body: &[u8]) -> Value {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let route = Route {
            method: parts.method.clone(),
            path: "/f/{form}".to_owned(),
            for_staff: false,
            function: Function::http("forms", axum::Router::new()),
        };
        let event = event(
            &parts,
            body,
            Received {
                route: &route,
                parameters: [("form".to_owned(), "contact".to_owned())].into(),
                claims: None,
                source: "127.0.0.1".parse().unwrap(),
                authority: "localhost:3000",
                request_id: "01J",
                at: "2027-05-12T07:00:00Z".parse().unwrap(),
            },
        );
        serde_json::from_value::<LambdaRequest>(event.clone()).expect("lambda_http reads it");
        event
    }

    #[test]
    fn a_form_post_looks_as_in_the_cloud() {
        let request = Request::post("/f/contact?a=1&a=2&b=caf%C3%A9")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Host", "localhost:3000")
            .header("Accept", "text/html")
            .header("Accept", "*/*")
            .header("Cookie", "a=1; b=2")
            .header("User-Agent", "browser");
        let event = event_of(request, b"name=Zo%C3%A9");
        assert_eq!(event["routeKey"], "POST /f/{form}");
        assert_eq!(event["rawQueryString"], "a=1&a=2&b=caf%C3%A9");
        assert_eq!(event["queryStringParameters"], json!({ "a": "1,2", "b": "café" }));
        assert_eq!(event["headers"]["accept"], "text/html,*/*");
        assert!(event["headers"].get("cookie").is_none());
        assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
        assert_eq!(event["isBase64Encoded"], true);
        assert_eq!(event["body"], BASE64.encode(b"name=Zo%C3%A9"));
        assert_eq!(event["pathParameters"], json!({ "form": "contact" }));
        let context = &event["requestContext"];
        assert_eq!(context["http"]["sourceIp"], "127.0.0.1");
        assert_eq!(context["http"]["userAgent"], "browser");
        assert_eq!(context["stage"], "$default");
        assert_eq!(context["time"], "12/May/2027:07:00:00 +0000");
        assert_eq!(context["timeEpoch"], 1_810_105_200_000_i64);
        assert!(context.get("authorizer").is_none());
    }

    #[test]
    fn json_is_text_and_what_is_no_utf_8_is_not() {
        let json = |body: &[u8]| event_of(Request::post("/f/x").header("content-type", "application/json"), body);
        assert_eq!(json(b"{}")["body"], "{}");
        assert_eq!(json(b"{}")["isBase64Encoded"], false);
        assert_eq!(json(b"\xff")["isBase64Encoded"], true);
        assert!(json(b"").get("body").is_none());
    }

    #[test]
    fn a_host_that_is_none_is_replaced_and_the_path_is_decoded() {
        for host in ["a b", "x/../y", "[::1", "a@b", "", "user:pw@h", "h:99999"] {
            let event = event_of(Request::get("/f/caf%C3%A9%20x").header("host", host), b"");
            assert_eq!(event["headers"]["host"], "localhost:3000", "{host}");
            assert_eq!(event["rawPath"], "/f/café x");
        }
        let event = event_of(Request::get("/f/x").header("x-forwarded-for", "10.0.0.1"), b"");
        assert_eq!(event["headers"]["x-forwarded-for"], "10.0.0.1, 127.0.0.1");
    }
}
