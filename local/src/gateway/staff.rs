//! Staff tokens: the laptop plays Cognito, and API Gateway's authorizer.
//!
//! Claims are handed over exactly as in the cloud: every value is a string, and groups are the
//! text `[owner]`. Tokens follow the wall clock, whatever the laptop's shows.

use data_encoding::HEXLOWER;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::Keyring;

/// How long a token is good for, in seconds: a working day.
pub(super) const LIFETIME_SECONDS: i64 = 12 * 3600;
const CONTEXT: [&str; 1] = ["laptop-staff-token"];
const ROLES: [&str; 5] = ["owner", "manager", "seller", "viewer", "health"];

/// What `POST /local/token` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    role: Option<String>,
    /// For a member of several groups, as `seller` and `health`.
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default = "main_shop")]
    shop: String,
}

impl TokenRequest {
    pub(super) fn of(role: &str, shop: &str) -> Self {
        Self { role: None, roles: role.split(' ').map(str::to_owned).collect(), shop: shop.to_owned() }
    }
}

fn main_shop() -> String {
    "main".to_owned()
}

/// A signed token with the claims asked for, or what is wrong with the request.
pub(super) fn mint(keyring: &Keyring, asked: TokenRequest, now: Timestamp) -> Result<String, String> {
    let roles: Vec<String> = asked.role.into_iter().chain(asked.roles).collect();
    if roles.is_empty() {
        return Err(format!("name a role: {}", ROLES.join(", ")));
    }
    if roles.iter().any(|role| !ROLES.contains(&role.as_str())) {
        return Err(format!("there is no such role; the roles are {}", ROLES.join(", ")));
    }
    if asked.shop.is_empty() {
        return Err("name a shop, or leave it out for main".to_owned());
    }
    let name = format!("{}@{}", roles.join("-"), asked.shop);
    let subject = subject(keyring, &name);
    let claims = json!({
        "sub": subject,
        "email": format!("{name}.example"),
        "email_verified": "true",
        "cognito:groups": format!("[{}]", roles.join(" ")),
        "custom:shop": asked.shop,
        "token_use": "id",
        "iat": now.as_second().to_string(),
        "exp": (now.as_second() + LIFETIME_SECONDS).to_string(),
    });
    Ok(keyring.seal(&CONTEXT, claims.to_string().as_bytes()))
}

/// Who `name` is, as `owner@main`: the same person for the same role and shop, so that what staff
/// did can be attributed over restarts.
pub(crate) fn subject(keyring: &Keyring, name: &str) -> String {
    let signed = keyring.seal(&["laptop-staff-subject"], name.as_bytes());
    HEXLOWER.encode(&signed.as_bytes()[..16])
}

/// The claims of the request's bearer token; `None` if it has none that is ours and still good.
pub(super) fn claims(keyring: &Keyring, headers: &HeaderMap, now: Timestamp) -> Option<Map<String, Value>> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let claims: Map<String, Value> = serde_json::from_slice(&keyring.open(&CONTEXT, token.trim())?).ok()?;
    let expires: i64 = claims.get("exp")?.as_str()?.parse().ok()?;
    (now.as_second() < expires).then_some(claims)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn keyring(byte: u8) -> Keyring {
        Keyring::new(&[byte; 32]).unwrap()
    }

    fn mint_for(asked: Value) -> Result<String, String> {
        mint(&keyring(1), serde_json::from_value(asked).unwrap(), Timestamp::now())
    }

    fn read(token: &str, key: u8, now: Timestamp) -> Option<Map<String, Value>> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        claims(&keyring(key), &headers, now)
    }

    #[test]
    fn claims_are_the_cloud_s() {
        let token = mint_for(json!({ "roles": ["seller", "health"], "shop": "other" })).unwrap();
        let claims = read(&token, 1, Timestamp::now()).unwrap();
        assert_eq!(claims["cognito:groups"], "[seller health]");
        assert_eq!(claims["custom:shop"], "other");
        assert!(claims.values().all(Value::is_string));
        let again = mint_for(json!({ "roles": ["seller", "health"], "shop": "other" })).unwrap();
        assert_eq!(read(&again, 1, Timestamp::now()).unwrap()["sub"], claims["sub"]);
    }

    #[test]
    fn a_token_ends_and_can_t_be_made_elsewhere() {
        let token = mint_for(json!({ "role": "owner" })).unwrap();
        let tomorrow = Timestamp::now().checked_add(SignedDuration::from_hours(24)).unwrap();
        assert!(read(&token, 1, Timestamp::now()).is_some());
        assert!(read(&token, 1, tomorrow).is_none());
        assert!(read(&token, 2, Timestamp::now()).is_none());
        assert!(read(&format!("{token}A"), 1, Timestamp::now()).is_none());
        assert!(read("", 1, Timestamp::now()).is_none());
    }

    #[test]
    fn only_roles_that_exist_are_given() {
        assert!(mint_for(json!({ "role": "king" })).is_err());
        assert!(mint_for(json!({})).is_err());
        assert!(mint_for(json!({ "role": "owner", "shop": "" })).is_err());
    }
}
