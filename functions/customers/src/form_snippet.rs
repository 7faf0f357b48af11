//! What a website puts on its page to have a form: plain markup that works without script.

use maud::html;
use shared::domain::{Form, Locale};
use shared::intake::HONEYPOTS;
use shared::wording::say;

/// The markup of `form`, which is sent to `url`, in one language: a name, an address, a message, the
/// box with the exact words that ticking it agrees to, and a field that people don't see.
///
/// It says which language it is in and which words it shows, so that the words kept as agreed to are
/// those that were read.
pub fn snippet(form: &Form, url: &str, locale: Locale) -> String {
    let label = |key: &str| say(locale, key, &[]);
    let asked = form.marketing_consent.as_ref();
    let consent = asked.and_then(|asked| asked.shown_to(&locale.language()));
    let lines = [
        Some(html! { label { (label("form-field-name")) " " input name="name" autocomplete="name" required; } }),
        Some(html! {
            label { (label("form-field-email")) " " input type="email" name="email" autocomplete="email" required; }
        }),
        Some(html! { label { (label("form-field-message")) " " textarea name="message" rows="5" {} } }),
        consent.map(|(_, words)| {
            html! { label { input type="checkbox" name="marketing_email" value="on"; " " (words.expose()) } }
        }),
        asked.zip(consent).map(|(asked, (written_in, _))| {
            html! { input type="hidden" name="_consent" value={ (asked.version.expose()) "/" (written_in.tag()) }; }
        }),
        Some(html! { input type="hidden" name="language" value=(locale.tag()); }),
        Some(html! {
            div style="position:absolute;left:-9999px" aria-hidden="true" {
                label {
                    (label("form-leave-empty")) " "
                    input name=(HONEYPOTS[0]) tabindex="-1" autocomplete="off";
                }
            }
        }),
        Some(html! { button { (label("form-send")) } }),
    ];
    let fields: String = lines.into_iter().flatten().map(|line| format!("  {}\n", line.into_string())).collect();
    let action = html! { (url) }.into_string();
    format!("<form action=\"{action}\" method=\"post\" accept-charset=\"utf-8\">\n{fields}</form>\n")
}
