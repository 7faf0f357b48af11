//! Everything about one person as a page to read, to print and to hand over: what
//! `/v1/customers/{id}/data` answers as JSON, in the shop's language.
//!
//! Nothing here knows the fields one by one: what is kept tomorrow is on the page too. A name that
//! has no words yet stands as it is; what is shown as words or as an amount keeps its exact value
//! beside it, for programs (`time`, `data`).

use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::{Map, Value};
use shared::domain::{Currency, Discount, Locale, Money, Settings};
use shared::http::sheet;
use shared::wording::{day, moment, say, word};

/// The kinds of items, in the order in which they are told. What comes later comes last.
const KINDS: [&str; 7] = ["order", "order_draft", "message", "consent", "interaction", "submission", "note"];

/// The fields whose values are names of ours, and not what somebody wrote.
const NAMED: [&str; 14] = [
    "status",
    "state",
    "email_status",
    "temperature",
    "purpose",
    "method",
    "channel",
    "channels",
    "preferred_channels",
    "payment_method",
    "primary_segment",
    "segment",
    "cause",
    "priority",
];

/// The widest table, in columns: what has more is a list of fields.
const MOST_COLUMNS: usize = 6;

/// The page of `data`, to be saved as a file.
pub fn page(settings: &Settings, now: Timestamp, data: &Value) -> Response {
    let page = DataPage { settings, locale: settings.locale(&settings.language()) };
    let title = page.say("data-title");
    let mut response = sheet(page.locale, settings.name.expose(), &title, page.content(data));
    let file = format!("attachment; filename=\"data-{}.html\"", settings.zone.day(now));
    let file = HeaderValue::from_str(&file).expect("a day is plain ASCII");
    response.headers_mut().insert(CONTENT_DISPOSITION, file);
    response
}

struct DataPage<'a> {
    settings: &'a Settings,
    locale: Locale,
}

impl DataPage<'_> {
    fn say(&self, key: &str) -> String {
        say(self.locale, key, &[])
    }

    /// The words for `name` among those that begin with `prefix`; the name itself where there are
    /// none.
    fn words(&self, prefix: &str, name: &str) -> String {
        let key = format!("{prefix}-{}", name.replace('_', "-"));
        word(self.locale, &key).unwrap_or_else(|| name.to_owned())
    }

    fn content(&self, data: &Value) -> Markup {
        let empty = Vec::new();
        let items = data["items"].as_array().unwrap_or(&empty);
        let kind = |item: &Value| item["kind"].as_str().unwrap_or_default().to_owned();
        let mut kinds = KINDS.map(str::to_owned).to_vec();
        let later = items.iter().map(kind);
        later.for_each(|kind| {
            if !kinds.contains(&kind) {
                kinds.push(kind)
            }
        });
        let of = |wanted: &str| -> Vec<&Value> {
            items.iter().filter(|item| kind(item) == wanted).map(|item| &item["data"]).collect()
        };
        let withheld = data["withheld"]["health_notes"].as_u64().unwrap_or_default();
        html! {
            p.soft { (self.say("data-made")) " " (self.shown("exported_at", &data["exported_at"])) }
            @if let Value::Object(record) = &data["record"] { (self.fields(record)) }
            @for kind in &kinds { (self.section(kind, &of(kind))) }
            @for name in ["order_links", "suppressions"] {
                (self.section(name, &data[name].as_array().unwrap_or(&empty).iter().collect::<Vec<_>>()))
            }
            @if withheld > 0 { p.note { (self.say("data-withheld")) " " (withheld) } }
            @if let Some(next) = data["next"].as_str() {
                p.note { (self.say("data-continued")) " " code { (next) } }
            }
        }
    }

    fn section(&self, kind: &str, of_kind: &[&Value]) -> Markup {
        html! {
            @if !of_kind.is_empty() {
                h2 { (self.words("data-section", kind)) }
                (self.objects(of_kind))
            }
        }
    }

    /// Several things of a kind: a table where it has room for them, else one after another.
    fn objects(&self, values: &[&Value]) -> Markup {
        let columns = columns(values);
        let cells = || values.iter().flat_map(|value| value.as_object()).flatten();
        if columns.len() > MOST_COLUMNS || values.len() < 2 || !cells().all(|(name, value)| is_plain(name, value)) {
            return html! {
                @for (place, value) in values.iter().enumerate() { @if place > 0 { hr; } (self.shown("", value)) }
            };
        }
        html! {
            table {
                thead { tr { @for name in &columns { th { (self.words("data", name)) } } } }
                tbody {
                    @for value in values { tr { @for name in &columns { td { (self.shown(name, &value[*name])) } } } }
                }
            }
        }
    }

    /// Things that each have a name: a table whose rows they are.
    fn named(&self, fields: &Map<String, Value>) -> Markup {
        let columns = columns(&fields.values().collect::<Vec<_>>());
        html! {
            table {
                thead { tr { th {} @for name in &columns { th { (self.words("data", name)) } } } }
                tbody {
                    @for (name, value) in fields {
                        tr {
                            th { (self.words("data", name)) }
                            @for name in &columns { td { (self.shown(name, &value[*name])) } }
                        }
                    }
                }
            }
        }
    }

    /// Fields side by side, and under them, each by itself, those that have fields of their own.
    fn fields(&self, fields: &Map<String, Value>) -> Markup {
        let said = fields.iter().filter(|(_, value)| is_said(value));
        let (plain, whole): (Vec<_>, Vec<_>) = said.partition(|(name, value)| is_plain(name, value));
        html! {
            @if !plain.is_empty() {
                dl {
                    @for (name, value) in plain {
                        div { dt { (self.words("data", name)) } dd { (self.shown(name, value)) } }
                    }
                }
            }
            @for (name, value) in whole {
                h3 { (self.words("data", name)) }
                (self.shown(name, value))
            }
        }
    }

    /// The value of the field `name`.
    fn shown(&self, name: &str, value: &Value) -> Markup {
        match value {
            Value::Null => html! {},
            Value::Bool(flag) => html! { (self.say(if *flag { "data-yes" } else { "data-no" })) },
            Value::Number(number) => match percentage(name, value) {
                Some(rate) => html! { data value=(number) { (rate.display(self.locale)) } },
                None => html! { (number) },
            },
            Value::String(text) => self.text(name, text),
            Value::Array(values) if values.iter().all(Value::is_object) => {
                self.objects(&values.iter().collect::<Vec<_>>())
            }
            Value::Array(values) => html! { @for value in values { p { (self.shown(name, value)) } } },
            Value::Object(fields) => match amount(fields) {
                Some(amount) => self.amount(amount),
                None if matches!(name, "totals" | "average_baskets") => html! {
                    @for amount in fields.iter().filter_map(|(code, minor)| money(code, minor)) { p { (self.amount(amount)) } }
                },
                None if is_table(fields) => self.named(fields),
                None => self.fields(fields),
            },
        }
    }

    /// An amount as people write it, and as it is kept.
    fn amount(&self, amount: Money) -> Markup {
        let kept = format!("{} {}", amount.minor(), amount.currency().code());
        html! { data value=(kept) { (amount.display(self.locale)) } }
    }

    fn text(&self, name: &str, text: &str) -> Markup {
        if NAMED.contains(&name) {
            return html! { data value=(text) { (self.words("data-is", text)) } };
        }
        // A day and an instant, spelled as we spell them: what somebody wrote stays as it is.
        let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
        let at = text.parse::<Timestamp>().ok().filter(|at| at.to_string() == text);
        match (date, at) {
            (Some(date), _) => html! { time datetime=(text) { (day(self.locale, date)) } },
            (None, Some(at)) => {
                let local = at.to_zoned(self.settings.zone.time_zone().clone());
                html! { time datetime=(text) { (moment(self.locale, &local)) } }
            }
            (None, None) => html! { span.lines { (text) } },
        }
    }
}

/// Whether there is anything to show.
fn is_said(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => !values.is_empty(),
        Value::Object(fields) => fields.values().any(is_said),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Whether a value takes no more room than a few words.
fn is_plain(name: &str, value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|value| !value.is_object()),
        Value::Object(fields) => amount(fields).is_some() || matches!(name, "totals" | "average_baskets"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Whether each field is an object of the same few plain fields.
fn is_table(fields: &Map<String, Value>) -> bool {
    let rows: Vec<&Value> = fields.values().collect();
    let plain = |row: &Value| row.as_object().is_some_and(|row| row.iter().all(|(name, cell)| is_plain(name, cell)));
    rows.iter().all(|row| plain(row)) && (1..MOST_COLUMNS).contains(&columns(&rows).len())
}

/// The names of what these objects have, in the order in which they come.
fn columns<'a>(values: &[&'a Value]) -> Vec<&'a str> {
    let mut columns: Vec<&str> = Vec::new();
    for (name, value) in values.iter().filter_map(|value| value.as_object()).flatten() {
        if is_said(value) && !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    columns
}

/// A rate in basis points, by the name of its field.
fn percentage(name: &str, value: &Value) -> Option<Discount> {
    let basis_points = value.as_i64().filter(|_| name.ends_with("_bp") || name == "discount")?;
    Discount::try_from(basis_points).ok()
}

/// An amount as it is kept: its minor units and its currency.
fn amount(fields: &Map<String, Value>) -> Option<Money> {
    (fields.len() == 2).then_some(())?;
    money(fields.get("currency")?.as_str()?, fields.get("minor")?)
}

fn money(code: &str, minor: &Value) -> Option<Money> {
    Money::new(minor.as_i64()?, code.parse::<Currency>().ok()?).ok()
}
