//! What the fields of a form mean, by the names that pages give them: in English and French, and as
//! WordPress Contact Form 7, Webflow, Netlify and Formspree pages already spell them.

use crate::domain::{Form, FormField, Line, SentFields, Submission, fold};

/// Names as [`normalised`] leaves them.
const NAMES: &[(FormField, &[&str])] = &[
    (
        FormField::Email,
        &[
            "email",
            "e_mail",
            "mail",
            "email_address",
            "emailaddress",
            "replyto",
            "courriel",
            "adresse_email",
            "adresse_e_mail",
            "adresse_mail",
        ],
    ),
    (FormField::Name, &["name", "full_name", "fullname", "nom", "nom_complet", "nom_et_prenom", "prenom_et_nom"]),
    (FormField::GivenName, &["first_name", "firstname", "fname", "given_name", "prenom"]),
    (FormField::FamilyName, &["last_name", "lastname", "lname", "family_name", "surname", "nom_de_famille"]),
    (
        FormField::Company,
        &["company", "company_name", "organization", "organisation", "societe", "entreprise", "raison_sociale"],
    ),
    (
        FormField::Phone,
        &[
            "phone",
            "phone_number",
            "tel",
            "telephone",
            "mobile",
            "portable",
            "numero_de_telephone",
            "telephone_portable",
        ],
    ),
    (
        FormField::Birthday,
        &["birthday", "birth_date", "birthdate", "date_of_birth", "dob", "date_de_naissance", "anniversaire"],
    ),
    (FormField::Language, &["language", "lang", "locale", "langue"]),
    (FormField::MarketingEmail, &["marketing_email", "newsletter"]),
    (FormField::Message, &["message", "comment", "comments", "commentaire", "commentaires", "question", "demande"]),
];

/// What field `name` of `form` means: what staff said of it, else what its name says.
pub fn meaning(form: &Form, name: &str) -> FormField {
    let said = form.mapping.iter().find(|(mapped, _)| mapped.expose() == name).map(|(_, field)| *field);
    said.unwrap_or_else(|| by_name(name))
}

fn by_name(name: &str) -> FormField {
    let name = normalised(name);
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map_or(FormField::Answer, |(field, _)| *field)
}

/// `Your-Email[]`, `email-2` and `_replyto` as one spells them plainly: without case, accents and
/// punctuation, without the `your-` of Contact Form 7, and without the number that site builders put
/// behind a name that a page has twice.
fn normalised(name: &str) -> String {
    let folded = fold(name);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.len() > 1 && words.last().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit())) {
        words.pop();
    }
    if words.len() > 1 && words.first() == Some(&"your") {
        words.remove(0);
    }
    words.join("_")
}

/// A field's name as words: `favourite_colour` and `favourite-colour[]` say "favourite colour".
pub fn readable(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || "_-[]".contains(c)).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { name.to_owned() } else { words.join(" ") }
}

/// Whether a field is for us and not an answer: `_next`, `_gotcha`, `_wpcf7`…
pub fn is_control(name: &str) -> bool {
    name.starts_with('_')
}

/// The first value of the fields that mean `field`, in the order of their names; blank ones don't
/// count. With the name it was sent under.
pub fn sent_as<'a>(form: &Form, fields: &'a SentFields, field: FormField) -> Option<(&'a str, &'a str)> {
    let named = fields.iter().filter(|(name, _)| meaning(form, name) == field);
    let valued = named.filter_map(|(name, values)| {
        let value = values.iter().map(|value| value.trim()).find(|value| !value.is_empty())?;
        Some((name.as_str(), value))
    });
    valued.min_by_key(|(name, _)| is_control(name))
}

/// The beginning of what the visitor writes, on one line.
pub fn message(form: &Form, fields: &SentFields) -> Option<Line<{ Submission::PREVIEW }>> {
    let (_, text) = sent_as(form, fields, FormField::Message)?;
    let one_line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let joined = one_line.collect::<Vec<_>>().join(" ");
    joined.chars().take(Submission::PREVIEW).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_the_same_however_a_site_builder_spells_it() {
        for (name, field) in [
            ("your-email", FormField::Email),
            ("Email", FormField::Email),
            ("email-2", FormField::Email),
            ("_replyto", FormField::Email),
            ("E-mail", FormField::Email),
            ("Adresse e-mail", FormField::Email),
            ("First-Name", FormField::GivenName),
            ("first_name", FormField::GivenName),
            ("Prénom", FormField::GivenName),
            ("nom", FormField::Name),
            ("tel-123", FormField::Phone),
            ("your-message", FormField::Message),
            ("newsletter[]", FormField::MarketingEmail),
            ("acceptance-123", FormField::Answer),
            ("utm_source", FormField::Answer),
            ("_next", FormField::Answer),
            ("", FormField::Answer),
            ("1", FormField::Answer),
        ] {
            assert_eq!(by_name(name), field, "{name:?}");
        }
    }

    #[test]
    fn a_name_is_read_as_words() {
        for (name, words) in [
            ("favourite_colour", "favourite colour"),
            ("miels-préférés[]", "miels préférés"),
            ("Budget", "Budget"),
            ("__", "__"),
        ] {
            assert_eq!(readable(name), words);
        }
    }
}
