//! Who the seeded customers are: made-up people of several countries, each with an address of
//! their own at a domain reserved for examples (RFC 2606).

use shared::domain::{Country, Currency, Locale, Phone, fold};

use super::WELL_FORMED;
use super::chance::Chance;

/// Where people come from: what they are called, speak, pay in and are rung up at.
struct Origin {
    /// How many customers of each [`BLOCK`] come from here.
    share: usize,
    country: &'static str,
    locale: Locale,
    currency: &'static str,
    given: &'static [&'static str],
    family: &'static [&'static str],
    /// Telephone numbers as written at home; `#` is any digit. Where a country sets numbers apart
    /// for films and books, it is those.
    phones: &'static [&'static str],
}

const BLOCK: usize = 25;

/// No family name begins with «Dup»: whoever follows the story finds Zoé Dupont, and only her.
const ORIGINS: [Origin; 9] = [
    Origin {
        share: 16,
        country: "FR",
        locale: Locale::Fr,
        currency: "EUR",
        given: &[
            "Adèle",
            "Agathe",
            "Alice",
            "Amélie",
            "Anaïs",
            "Antoine",
            "Arthur",
            "Aurélien",
            "Bastien",
            "Benoît",
            "Camille",
            "Cécile",
            "Céline",
            "Chloé",
            "Clément",
            "Damien",
            "Élise",
            "Éloïse",
            "Émile",
            "Étienne",
            "Fanny",
            "Florian",
            "François",
            "Gaël",
            "Gaspard",
            "Hélène",
            "Hugo",
            "Inès",
            "Jérôme",
            "Joséphine",
            "Jules",
            "Léa",
            "Léo",
            "Louise",
            "Lucie",
            "Maël",
            "Manon",
            "Margaux",
            "Mathilde",
            "Maxime",
            "Nathalie",
            "Noé",
            "Océane",
            "Olivier",
            "Pauline",
            "Quentin",
            "Rémi",
            "Romane",
            "Sébastien",
            "Solène",
            "Théo",
            "Thérèse",
            "Valentin",
            "Véronique",
            "Victor",
            "Yasmine",
            "Yves",
        ],
        family: &[
            "Arnaud",
            "Aubert",
            "Barbier",
            "Baudry",
            "Benoit",
            "Bertrand",
            "Besson",
            "Blanchard",
            "Bonnet",
            "Bouchet",
            "Bourgeois",
            "Brunet",
            "Carpentier",
            "Charpentier",
            "Chevalier",
            "Colin",
            "Cordier",
            "Courtois",
            "Delacroix",
            "Deschamps",
            "Dumas",
            "Fabre",
            "Faure",
            "Ferrand",
            "Fleury",
            "Fontaine",
            "Gaillard",
            "Garnier",
            "Gauthier",
            "Giraud",
            "Granger",
            "Guérin",
            "Guichard",
            "Hamon",
            "Humbert",
            "Jacquet",
            "Joly",
            "Lacombe",
            "Lambert",
            "Lebrun",
            "Lefèvre",
            "Lemoine",
            "Leroux",
            "Maillard",
            "Marchand",
            "Masson",
            "Ménard",
            "Mercier",
            "Meunier",
            "Monnier",
            "Morin",
            "Noël",
            "Pasquier",
            "Perrin",
            "Picard",
            "Prévost",
            "Renaud",
            "Rivière",
            "Rousseau",
            "Roussel",
            "Saulnier",
            "Tessier",
            "Vasseur",
            "Vidal",
            "Voisin",
        ],
        phones: &["06 12 34 ## ##", "01 99 00 ## ##", "04 65 71 ## ##", "02 61 91 ## ##", "05 36 49 ## ##"],
    },
    Origin {
        share: 2,
        country: "BE",
        locale: Locale::Fr,
        currency: "EUR",
        given: &["Amandine", "Bram", "Charlotte", "Dries", "Lieselotte", "Maarten", "Nele", "Wout"],
        family: &["De Smedt", "Lambrecht", "Claes", "Goossens", "Jacobs", "Vermeulen", "Wouters"],
        phones: &["0470 ## ## ##", "0485 ## ## ##"],
    },
    Origin {
        share: 1,
        country: "CH",
        locale: Locale::Fr,
        currency: "CHF",
        given: &["Aline", "Fabrice", "Jürg", "Mélanie", "Reto", "Sandrine", "Urs"],
        family: &["Aebischer", "Bolliger", "Chappuis", "Favre", "Rochat", "Zürcher"],
        phones: &["079 ### ## ##", "076 ### ## ##"],
    },
    Origin {
        share: 1,
        country: "DE",
        locale: Locale::En,
        currency: "EUR",
        given: &["Anneliese", "Björn", "Greta", "Jörg", "Käthe", "Matthias", "Sönke"],
        family: &["Bäcker", "Grünwald", "Hoffmann", "Krüger", "Schäfer", "Weiß", "Zimmermann"],
        phones: &["0171 39200##"],
    },
    Origin {
        share: 1,
        country: "GB",
        locale: Locale::En,
        currency: "GBP",
        given: &["Alastair", "Bronwen", "Eleanor", "Fiona", "Harriet", "Imogen", "Rhys"],
        family: &["Ashworth", "Fairweather", "MacLeod", "O’Connor", "Pemberton", "Whitlock"],
        phones: &["07400 ######", "07911 12####"],
    },
    Origin {
        share: 1,
        country: "IT",
        locale: Locale::En,
        currency: "EUR",
        given: &["Alessandra", "Bianca", "Giacomo", "Lorenzo", "Niccolò", "Ottavia"],
        family: &["Bellini", "De Angelis", "Fontana", "Moretti", "Rinaldi", "Santoro"],
        phones: &["347 ### ####", "328 ### ####"],
    },
    Origin {
        share: 1,
        country: "ES",
        locale: Locale::En,
        currency: "EUR",
        given: &["Begoña", "Íñigo", "Joaquín", "Lucía", "Núria", "Rocío"],
        family: &["Castaño", "Echeverría", "García", "Ibáñez", "Muñoz", "Peñalver"],
        phones: &["612 ### ###", "655 ### ###"],
    },
    Origin {
        share: 1,
        country: "PL",
        locale: Locale::En,
        currency: "EUR",
        given: &["Agnieszka", "Łukasz", "Małgorzata", "Stanisław", "Zbigniew"],
        family: &["Dąbrowski", "Kowalczyk", "Szczepański", "Wójcik", "Żukowski"],
        phones: &["512 ### ###", "601 ### ###"],
    },
    Origin {
        share: 1,
        country: "US",
        locale: Locale::En,
        currency: "USD",
        given: &["Brooklyn", "Dakota", "Madison", "Sawyer", "Wyatt"],
        family: &["Abernathy", "Castellanos", "Kowalski", "Nguyễn", "Rutherford", "Washington"],
        phones: &["(212) 555-01##", "(415) 555-01##"],
    },
];

/// The numbers below `customers`, one country's people after the other's: reading telephone
/// numbers of many countries in turn costs ten times as much.
pub(super) fn country_by_country(customers: usize) -> impl Iterator<Item = usize> {
    (0..BLOCK).flat_map(move |place| (place..customers).step_by(BLOCK))
}

/// A made-up person.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) family: &'static str,
    pub(super) email: String,
    pub(super) country: Country,
    pub(super) currency: Currency,
    pub(super) locale: Locale,
    phones: &'static [&'static str],
}

impl Person {
    /// The person number `index`: always the same, and no two alike. Once every name of a country
    /// is taken, it comes again with a number in the address.
    pub(super) fn number(index: usize) -> Self {
        let mut place = index % BLOCK;
        let mut origin = &ORIGINS[0];
        for candidate in &ORIGINS {
            origin = candidate;
            if place < candidate.share {
                break;
            }
            place -= candidate.share;
        }
        let nth = index / BLOCK * origin.share + place;
        let (given, family, round) = origin.nth(nth);
        let domain = ["com", "org", "net"][nth % 3];
        let number = if round == 0 { String::new() } else { (round + 1).to_string() };
        let email = format!("{}.{}{number}@example.{domain}", ascii(given), ascii(family));
        Self {
            name: format!("{given} {family}"),
            family,
            email,
            country: origin.country.parse().expect(WELL_FORMED),
            currency: origin.currency.parse().expect(WELL_FORMED),
            locale: origin.locale,
            phones: origin.phones,
        }
    }

    /// A telephone number that the person's country could have given them, as dialled there.
    pub(super) fn phone(&self, chance: &mut Chance, dialled_from: Country) -> Option<Phone> {
        let pattern = chance.one_of(self.phones);
        // Not every number that fits the pattern is in use.
        (0..8).find_map(|_| {
            let digits: String = pattern.chars().map(|c| if c == '#' { chance.digit() } else { c }).collect();
            let phone = Phone::parse(self.country, &digits).ok()?;
            if self.country == dialled_from { Some(phone) } else { Phone::parse(self.country, phone.e164()).ok() }
        })
    }
}

impl Origin {
    /// The name number `nth`, far from its neighbours, and how often all names were used before.
    fn nth(&self, nth: usize) -> (&'static str, &'static str, usize) {
        let all = self.given.len() * self.family.len();
        let (round, at) = (nth / all, nth % all);
        let family = at % self.family.len();
        let given = (at / self.family.len() + family * 7) % self.given.len();
        (self.given[given], self.family[family], round)
    }
}

/// A name as it stands in an e-mail address.
fn ascii(name: &str) -> String {
    fold(name).chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_people_share_an_address_and_none_is_found_as_zoe_is() {
        let mut addresses = BTreeSet::new();
        for index in 0..20_000 {
            let person = Person::number(index);
            let words = [fold(&person.name), person.email.clone()].join(" ");
            assert!(!words.split([' ', '.', '@']).any(|word| word.starts_with("dup") || word == "zoe"), "{words}");
            assert!(addresses.insert(person.email.clone()), "{} comes twice", person.email);
        }
    }

    #[test]
    fn the_shares_make_a_block() {
        assert_eq!(ORIGINS.iter().map(|origin| origin.share).sum::<usize>(), BLOCK);
    }

    #[test]
    fn every_pattern_is_of_its_country_s_telephone_plan() {
        for origin in &ORIGINS {
            for pattern in origin.phones {
                let mut chance = Chance::of(1);
                let person = Person { phones: std::slice::from_ref(pattern), ..Person::number(0) };
                let person = Person { country: origin.country.parse().unwrap(), ..person };
                assert!(person.phone(&mut chance, Country::FR).is_some(), "{} {pattern}", origin.country);
            }
        }
    }
}
