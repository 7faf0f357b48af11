//! The page on which the code that was mailed is typed.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use shared::wording::say;

use crate::holder::Holder;

/// How things stand with the code.
#[derive(Clone, Copy)]
pub enum Standing {
    /// One was mailed; none was typed yet.
    Sent,
    /// What was typed can't be a code: it costs nothing.
    NoCode,
    /// Another code was typed, and so many may be.
    Wrong { left: u32 },
    /// None is good: none was sent, it is too old, was mistyped too often, or went to another address.
    None,
    /// One was typed while none is good.
    Spent,
    /// The address is proved.
    Confirmed,
}

/// The page.
pub fn show(holder: &Holder, standing: Standing) -> Response {
    let locale = holder.locale();
    let back = html! { p.next { a href=(holder.path("")) { (say(locale, "address-back", &[])) } } };
    let alert = |text: String| html! { p.notice role="alert" id="error" { (text) } };
    let (status, notice) = match standing {
        Standing::Confirmed => {
            let content = html! { p.good role="status" { (say(locale, "address-done", &[])) } (back) };
            return holder.page(StatusCode::OK, "address-done-title", content);
        }
        Standing::Sent => (StatusCode::OK, sent(holder)),
        Standing::NoCode => (StatusCode::UNPROCESSABLE_ENTITY, alert(say(locale, "address-error-digits", &[]))),
        Standing::Wrong { left } => {
            let text = say(locale, "address-error-wrong", &[("left", &left.to_string())]);
            (StatusCode::UNPROCESSABLE_ENTITY, alert(text))
        }
        Standing::None => (StatusCode::OK, html! { p { (say(locale, "address-none", &[])) } }),
        Standing::Spent => (StatusCode::UNPROCESSABLE_ENTITY, alert(say(locale, "address-error-spent", &[]))),
    };
    let wrong = matches!(standing, Standing::NoCode | Standing::Wrong { .. });
    let content = html! {
        (notice)
        @if !matches!(standing, Standing::None | Standing::Spent) { (form(holder, wrong)) }
        form method="post" action=(holder.path("/address-code")) {
            button.quiet type="submit" { (say(locale, "address-again", &[])) }
        }
        (back)
    };
    holder.page(status, "address-title", content)
}

fn sent(holder: &Holder) -> Markup {
    let address = holder.customer.email.masked();
    html! { p { (say(holder.locale(), "address-sent", &[("address", &address)])) } }
}

fn form(holder: &Holder, wrong: bool) -> Markup {
    let locale = holder.locale();
    html! {
        form.card method="post" action=(holder.path("/address")) {
            p {
                label for="code" { (say(locale, "address-code", &[])) }
                // Longer than a code, since it may be pasted with spaces.
                input.code id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                    maxlength="20" required autofocus[wrong] spellcheck="false"
                    aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("error")];
            }
            button type="submit" { (say(locale, "address-submit", &[])) }
        }
    }
}
