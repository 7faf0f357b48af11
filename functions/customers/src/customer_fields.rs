//! The fields of a customer that staff set: read alike when one is made and when one is changed.

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use shared::domain::{
    Birthday, Country, Currency, Customer, CustomerStatus, Discount, EmailAddress, Invalid, Language, Line, Name,
    Phone, PostalAddress, Postcode, PreferredChannels, Settings, Source, Temperature, VatNumber,
};
use shared::http::{Fields, Patch, choice, choices, integer, text};

/// What a request says of a customer.
pub struct CustomerFields {
    name: Option<Name>,
    email: Option<EmailAddress>,
    company: Patch<Line<200>>,
    contact_person: Patch<Line<200>>,
    vat_number: Patch<VatNumber>,
    phone: Patch<Phone>,
    country: Patch<Country>,
    delivery_address: Patch<PostalAddress>,
    billing_address: Patch<PostalAddress>,
    preferred_channels: Patch<PreferredChannels>,
    language: Option<Language>,
    currency: Option<Currency>,
    discount: Patch<Discount>,
    birthday: Patch<Birthday>,
    status: Option<CustomerStatus>,
    temperature: Patch<Temperature>,
    source: Option<Source>,
}

impl CustomerFields {
    /// Reads the fields of a new customer, or of a merge patch of `known`; `fields` keeps what is
    /// wrong with them.
    pub fn read(fields: &mut Fields, known: Option<&Customer>, settings: &Settings, today: Date) -> Self {
        let country = fields.patch("country", text);
        let at_home = after(&country, known.and_then(|known| known.country)).unwrap_or(settings.country);
        let of_known =
            |address: fn(&Customer) -> &Option<PostalAddress>| known.and_then(|known| address(known).as_ref());
        let delivery_address = postal_address(fields, "delivery_address", of_known(|c| &c.delivery_address), at_home);
        let billing_address = postal_address(fields, "billing_address", of_known(|c| &c.billing_address), at_home);
        let billed_in = after(&billing_address, of_known(|c| &c.billing_address).cloned())
            .map_or(at_home, |address| address.country);
        let vat_number = fields.patch("vat_number", |value| VatNumber::parse(billed_in, string(value)?));
        if let (Patch::Keep, Some(standing)) = (&vat_number, known.and_then(|known| known.vat_number.as_ref()))
            && let Err(invalid) = VatNumber::parse(billed_in, standing.expose())
        {
            // What stands must go on to be of the country that the bill is sent to.
            fields.reject::<()>("vat_number", invalid);
        }
        let company = fields.patch("company", text);
        let name = name(fields, known, &company);
        let email = match known {
            None => fields.required("email", text),
            Some(_) => fields.replace("email", text),
        };
        Self {
            name,
            email,
            company,
            contact_person: fields.patch("contact_person", text),
            vat_number,
            phone: fields.patch("phone", |value| Phone::parse(at_home, string(value)?)),
            country,
            delivery_address,
            billing_address,
            preferred_channels: fields.patch("preferred_channels", choices),
            language: fields.replace("language", text),
            currency: fields.replace("currency", text),
            discount: fields.patch("discount_bp", integer),
            birthday: fields.patch("birthday", |value| birthday(value, today)),
            status: fields.replace("status", choice),
            temperature: fields.patch("temperature", choice),
            source: fields.replace("source", source),
        }
    }

    /// Whether the request says how interested they are: said again, it is known anew.
    pub fn confirms_temperature(&self) -> bool {
        matches!(self.temperature, Patch::Set(_))
    }

    /// What a new customer must have.
    pub fn identity(&self) -> Option<(Name, EmailAddress)> {
        self.name.clone().zip(self.email.clone())
    }

    /// Sets on `customer` what the request says.
    pub fn apply(self, customer: &mut Customer) {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        set(&mut customer.name, self.name);
        set(&mut customer.email, self.email);
        self.company.apply(&mut customer.company);
        self.contact_person.apply(&mut customer.contact_person);
        self.vat_number.apply(&mut customer.vat_number);
        self.phone.apply(&mut customer.phone);
        self.country.apply(&mut customer.country);
        self.delivery_address.apply(&mut customer.delivery_address);
        self.billing_address.apply(&mut customer.billing_address);
        self.preferred_channels.apply(&mut customer.preferred_channels);
        set(&mut customer.language, self.language);
        set(&mut customer.currency, self.currency);
        self.discount.apply(&mut customer.discount);
        self.birthday.apply(&mut customer.birthday);
        set(&mut customer.status, self.status);
        self.temperature.apply(&mut customer.temperature);
        set(&mut customer.source, self.source);
    }
}

/// What a field is once the patch is applied.
fn after<T: Clone>(patch: &Patch<T>, known: Option<T>) -> Option<T> {
    let mut value = known;
    patch.clone().apply(&mut value);
    value
}

fn string(value: &Value) -> Result<&str, Invalid> {
    value.as_str().ok_or(Invalid::WrongType)
}

/// The name in full or in its parts; a company needs no other.
fn name(fields: &mut Fields, known: Option<&Customer>, company: &Patch<Line<200>>) -> Option<Name> {
    let named = fields.gives("name");
    let full: Option<Line<200>> = fields.replace("name", text);
    let given: Patch<Line<100>> = fields.patch("given_name", text);
    let family: Patch<Line<100>> = fields.patch("family_name", text);
    if named && full.is_none() {
        return None;
    }
    let of_parts = given != Patch::Keep || family != Patch::Keep;
    let name = match (known, full) {
        (None, None) if !of_parts => match company {
            Patch::Set(company) => Name::of(Some(company.clone()), None, None),
            Patch::Keep | Patch::Clear => Err(Invalid::Empty),
        },
        (Some(_), None) if !of_parts => return None,
        (_, Some(full)) if !of_parts => Name::of(Some(full), None, None),
        (known, full) => {
            let part = |part: Option<&str>| part.and_then(|part| part.parse().ok());
            let known = known.map(|known| &known.name);
            let given = after(&given, part(known.and_then(Name::given)));
            Name::of(full, given, after(&family, part(known.and_then(Name::family))))
        }
    };
    name.map_err(|invalid| fields.reject::<()>("name", invalid)).ok()
}

fn birthday(value: &Value, today: Date) -> Result<Birthday, Invalid> {
    let birthday: Birthday = text(value)?;
    if birthday.is_after(today) { Err(Invalid::Date) } else { Ok(birthday) }
}

/// Where they came from: its kind, bare or as the record shows it. That a form was sent is not for
/// staff to say.
fn source(value: &Value) -> Result<Source, Invalid> {
    let kind = match value {
        Value::String(kind) => kind.as_str(),
        Value::Object(source) if source.len() == 1 => {
            source.get("kind").and_then(Value::as_str).ok_or(Invalid::Choice)?
        }
        Value::Object(_) => return Err(Invalid::Choice),
        _ => return Err(Invalid::WrongType),
    };
    serde_json::from_value(json!({ "kind": kind })).map_err(|_| Invalid::Choice)
}

fn postal_address(
    fields: &mut Fields,
    name: &str,
    known: Option<&PostalAddress>,
    at_home: Country,
) -> Patch<PostalAddress> {
    let current = match known.map(|known| json!(known)) {
        Some(Value::Object(current)) => current,
        _ => Map::new(),
    };
    let patch = fields.patch_object(name, current, |fields| {
        let country = fields.optional("country", text).unwrap_or(at_home);
        let address = PostalAddress {
            street: fields.optional("street", text),
            extra: fields.optional("extra", text),
            postcode: fields.optional("postcode", |value| Postcode::parse(country, string(value)?)),
            city: fields.optional("city", text),
            region: fields.optional("region", text),
            country,
        };
        // Shown with the rest by the record, which a client may send back as it is.
        fields.optional("lines", |_| Ok(()));
        Some(address)
    });
    match patch {
        // A country alone is no address.
        Patch::Set(address) if address.lines().is_empty() => {
            fields.reject::<()>(name, Invalid::Empty);
            Patch::Keep
        }
        patch => patch,
    }
}
