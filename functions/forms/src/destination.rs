//! Where a page goes once its form is received: where it says, if it may; else where the form says;
//! else to our own page.

use axum::http::HeaderMap;
use axum::http::header::{ORIGIN, REFERER};
use shared::domain::{Destination, Form, Locale, Origin, SentFields};
use shared::intake::Contact;
use url::Url;

use crate::headers::header;

/// The fields that say where to go, as our snippets and Formspree call them.
const NEXT: [&str; 2] = ["_next", "_redirect"];

/// The address that the browser is sent to. What leads to a site that is neither the page's own nor
/// on the form's list leads to our page: an address of ours must not be good for sending people
/// anywhere.
pub fn destination(form: &Form, fields: &SentFields, headers: &HeaderMap, visitor: &Contact, locale: Locale) -> String {
    let site = site(headers);
    let asked = NEXT.iter().filter_map(|name| fields.get(*name)).flatten().find(|value| !value.trim().is_empty());
    let chosen = match asked {
        Some(asked) => {
            let asked: Option<Destination> = asked.parse().ok();
            asked.and_then(|asked| asked.allowed(site.as_ref(), &form.origins))
        }
        None => form.redirect.as_ref().and_then(|redirect| redirect.resolved(site.as_ref())),
    };
    // The same whether a mail is really on its way: that would tell who is known.
    let mailed = if visitor.may_be_asked_by_mail(form) { "&mailed=1" } else { "" };
    let thanks = || format!("/f/{}/thanks?lang={}{mailed}", form.id, locale.tag());
    chosen.map_or_else(thanks, |url| successful(url).into())
}

/// The site that the form was sent from.
pub fn site(headers: &HeaderMap) -> Option<Origin> {
    let origin = || header(headers, &ORIGIN)?.parse().ok();
    let referer = || Url::parse(header(headers, &REFERER)?).ok()?.origin().ascii_serialization().parse().ok();
    origin().or_else(referer)
}

/// The address with `success=1` in its query, which pages show a message by.
fn successful(mut url: Url) -> Url {
    if !url.query_pairs().any(|(name, _)| name == "success") {
        url.query_pairs_mut().append_pair("success", "1");
    }
    url
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const THANKS: &str = "/f/contact/thanks?lang=fr";

    fn form(redirect: Option<&str>) -> Form {
        let [shop, name] = ["main", "Contact"];
        let form =
            Form::new(shop.parse().unwrap(), "contact".parse().unwrap(), name.parse().unwrap(), jiff::Timestamp::MIN);
        let origins = vec!["https://merci.example".parse().unwrap()];
        Form { origins, redirect: redirect.map(|redirect| redirect.parse().unwrap()), ..form }
    }

    /// Whoever ticked no box.
    fn nobody() -> Contact {
        let settings = shared::http::example::settings();
        let visit = shared::intake::Visit { at: jiff::Timestamp::MIN, page: None, language: None, source_ip: None };
        let sent = SentFields::from([("email".to_owned(), vec!["zoe@example.com".to_owned()])]);
        Contact::read(&sent, &form(None), &settings, &visit).unwrap()
    }

    fn goes_to(redirect: Option<&str>, fields: &[(&str, &str)], from: &[(axum::http::HeaderName, &str)]) -> String {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        let headers = from.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
        destination(&form(redirect), &fields, &headers, &nobody(), Locale::Fr)
    }

    #[test]
    fn a_page_goes_where_it_says_within_its_site_and_the_list() {
        let from = [(ORIGIN, "https://shop.example")];
        for (next, location) in [
            ("/merci", "https://shop.example/merci?success=1"),
            ("/merci?a=1#top", "https://shop.example/merci?a=1&success=1#top"),
            ("/merci?success=yes", "https://shop.example/merci?success=yes"),
            (" /é ", "https://shop.example/%C3%A9?success=1"),
            ("https://shop.example/", "https://shop.example/?success=1"),
            ("https://merci.example/x", "https://merci.example/x?success=1"),
            ("//evil.example", THANKS),
            ("https://evil.example/", THANKS),
            ("https://shop.example.evil.example/", THANKS),
            ("https://shop.example@evil.example/", THANKS),
            ("javascript:alert(1)", THANKS),
            ("/\\evil.example", THANKS),
            ("/a\r\nset-cookie:x", THANKS),
            ("merci", THANKS),
        ] {
            assert_eq!(goes_to(Some("/else"), &[("_next", next)], &from), location, "{next}");
            assert_eq!(goes_to(None, &[("_redirect", next)], &from), location, "{next}");
        }
        let both = [("_next", ""), ("_redirect", "/merci")];
        assert_eq!(goes_to(None, &both, &from), "https://shop.example/merci?success=1");
    }

    #[test]
    fn a_page_that_does_not_say_goes_where_the_form_says() {
        let from = [(ORIGIN, "null"), (REFERER, "https://shop.example/contact?x=1")];
        assert_eq!(goes_to(Some("/merci"), &[], &from), "https://shop.example/merci?success=1");
        let elsewhere = Some("https://elsewhere.example/merci");
        assert_eq!(goes_to(elsewhere, &[], &[]), "https://elsewhere.example/merci?success=1");
        assert_eq!(goes_to(Some("/merci"), &[], &[]), THANKS);
        assert_eq!(goes_to(None, &[("_next", "/merci")], &[]), THANKS);
        assert_eq!(goes_to(None, &[], &from), THANKS);
    }
}
