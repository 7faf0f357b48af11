//! Search words: what a record is found by, whatever its accents, case and script (L03).
//!
//! A record and a query are cut into words by the same rule, so a query word finds a record word
//! it is the beginning of. Scripts that put no spaces between words are cut into overlapping pairs
//! of characters.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::{Customer, Line, Note, Postcode};

/// A field that a customer is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name.
    Name,
    /// The company.
    Company,
    /// The person to ask for.
    Contact,
    /// The e-mail address.
    Email,
    /// The telephone number.
    Phone,
    /// The town of an address.
    City,
    /// The postcode of an address.
    Postcode,
    /// The region of an address.
    Region,
    /// A note.
    Note,
}

/// The fields in which a word stands, each once.
pub type Fields = Vec<Field>;

/// The fewest characters of a query word; shorter ones find too much to be of use.
pub const MIN_QUERY_CHARACTERS: usize = 2;

/// The longest word kept, in characters: a longer one is found by its beginning.
const MAX_WORD: usize = 40;

/// How many distinct words of a note are searchable: with the note itself they are one transaction.
pub const MAX_NOTE_WORDS: usize = 60;

/// How many words a query may have; more are ignored.
const MAX_QUERY_WORDS: usize = 8;

/// `text` without case, accents and ligatures.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c => folded.push(c),
        }
    }
    folded
}

/// What lists sort a name by: folded, at most 60 characters.
pub fn sort_key(name: &str) -> String {
    same_name(name).chars().take(60).collect()
}

/// What two spellings of one name have in common: case, accents and spaces do not tell them apart.
/// A name of nothing but marks is itself.
pub fn same_name(name: &str) -> String {
    let folded = fold(name).split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.is_empty() { name.to_owned() } else { folded }
}

/// How many words a record is found by: changing all of them, out and in, is one transaction.
pub const MAX_WORDS: usize = 40;

/// The words a customer is found by, each with the fields it stands in: at most [`MAX_WORDS`], the
/// address and the number first.
pub fn words(customer: &Customer) -> BTreeMap<String, Fields> {
    let mut words: BTreeMap<String, Fields> = BTreeMap::new();
    let mut add = |field: Field, found: Vec<String>| {
        for word in found {
            if words.len() >= MAX_WORDS && !words.contains_key(&word) {
                continue;
            }
            let fields = words.entry(word).or_default();
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    };
    add(Field::Email, cut(customer.email.expose()));
    if let Some(phone) = &customer.phone {
        let international = phone.e164().trim_start_matches('+').to_owned();
        let national = phone.national_digits().to_owned();
        let without_trunk = national.trim_start_matches('0').to_owned();
        add(Field::Phone, vec![international, national, without_trunk]);
    }
    add(Field::Name, cut(customer.name.expose()));
    add(Field::Company, cut(customer.company.as_ref().map_or("", Line::expose)));
    add(Field::Contact, cut(customer.contact_person.as_ref().map_or("", Line::expose)));
    for address in [&customer.delivery_address, &customer.billing_address].into_iter().flatten() {
        add(Field::Postcode, postcode_words(address.postcode.as_ref().map_or("", Postcode::expose)));
        add(Field::City, cut(address.city.as_ref().map_or("", Line::expose)));
        add(Field::Region, cut(address.region.as_ref().map_or("", Line::expose)));
    }
    words
}

/// A postcode as its parts and in one: `SW1A 1AA` is found by `sw1a` and by `sw1a1aa`.
fn postcode_words(postcode: &str) -> Vec<String> {
    let mut words = cut(postcode);
    let whole: String = fold(postcode).chars().filter(|c| c.is_alphanumeric()).collect();
    if !whole.is_empty() && !words.contains(&whole) {
        words.push(whole);
    }
    words
}

/// The words of some texts, each with the fields it stands in.
pub fn words_in<'a>(texts: impl IntoIterator<Item = (Field, &'a str)>) -> BTreeMap<String, Fields> {
    let mut words: BTreeMap<String, Fields> = BTreeMap::new();
    for (field, text) in texts {
        for word in cut(text) {
            let fields = words.entry(word).or_default();
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    words
}

/// The words a note is found by: its first [`MAX_NOTE_WORDS`] distinct ones.
pub fn note_words(note: &Note) -> Vec<String> {
    if note.health {
        return Vec::new();
    }
    let mut words = cut(note.text.expose());
    words.truncate(MAX_NOTE_WORDS);
    words
}

/// The words of a query, each of at least [`MIN_QUERY_CHARACTERS`]: a customer is a hit if each of
/// them begins one of its words. What looks like a telephone number is one word.
pub fn query_words(query: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut number = String::new();
    let end = |number: &mut String, words: &mut Vec<String>| {
        let found = telephone_word(number).map_or_else(|| cut(number), |word| vec![word]);
        number.clear();
        words.extend(found);
    };
    for piece in query.split_whitespace() {
        if piece.chars().all(|c| c.is_ascii_digit() || "+.-()/".contains(c)) {
            number.push_str(piece);
            number.push(' ');
        } else {
            end(&mut number, &mut words);
            words.extend(cut(piece));
        }
    }
    end(&mut number, &mut words);
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words.retain(|word| word.chars().count() >= MIN_QUERY_CHARACTERS);
    words.truncate(MAX_QUERY_WORDS);
    words
}

/// The digits of `text` as the words of a record have them, if it looks like the beginning of a
/// telephone number: with a prefix, or six digits long. The `(0)` of `+33 (0)6` is not dialled.
fn telephone_word(text: &str) -> Option<String> {
    let dialled = if text.starts_with(['+', '0']) { text.replace("(0)", "") } else { text.to_owned() };
    let digits: String = dialled.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 6 || text.starts_with(['+', '0', '(']);
    is_number.then(|| digits.strip_prefix("00").map(str::to_owned).unwrap_or(digits))
}

/// The words of a product's name, and of what is looked for among products: the shortest too, and
/// numbers as they stand. Of a script without spaces each character begins one of them.
pub fn product_words(text: &str) -> Vec<String> {
    cut_from(text, 1)
}

/// The distinct words of `text`, folded, in their order.
fn cut(text: &str) -> Vec<String> {
    cut_from(text, MIN_QUERY_CHARACTERS)
}

/// Those of at least `least` characters.
fn cut_from(text: &str, least: usize) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<String> = Vec::new();
    let mut add = |word: String| {
        let word: String = word.chars().take(MAX_WORD).collect();
        if word.chars().count() >= least && !words.contains(&word) {
            words.push(word);
        }
    };
    let mut unspaced: Vec<char> = Vec::new();
    for piece in folded.split_word_bounds() {
        if piece.chars().all(is_unspaced) {
            unspaced.extend(piece.chars());
            continue;
        }
        pairs(&std::mem::take(&mut unspaced)).for_each(&mut add);
        // A word of UAX 29 keeps inner dots and apostrophes: "example.com", "l'atelier".
        piece.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).for_each(&mut add);
        if piece.contains('.') && piece.contains(char::is_alphanumeric) {
            add(piece.to_owned());
        }
    }
    pairs(&unspaced).for_each(&mut add);
    words
}

/// The overlapping pairs of a run, and its last character, which begins none.
fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    let last = run.last().map(char::to_string);
    run.windows(2).map(|pair| pair.iter().collect()).chain(last)
}

/// Whether `c` is of a script that writes words without spaces: Chinese, Japanese, Thai, Lao,
/// Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_ligatures_are_folded() {
        assert_eq!(fold("Zoé DUPONT"), "zoe dupont");
        assert_eq!(fold("Cœur Straße Łódź ﬁn"), "coeur strasse lodz fin");
        assert_eq!(fold("ΌΔΟΣ"), fold("όδος"));
        assert_eq!(sort_key("  Dupont   Zoé "), "dupont zoe");
    }

    #[test]
    fn a_text_is_cut_into_words() {
        assert_eq!(cut("Zoé Dupont-Martin"), ["zoe", "dupont", "martin"]);
        assert_eq!(cut("L'Atelier d’Élodie"), ["atelier", "elodie"]);
        assert_eq!(cut("zoe.d@example.com"), ["zoe", "zoe.d", "example", "com", "example.com"]);
        assert_eq!(cut("a b c"), [""; 0]);
        assert_eq!(cut("山田太郎"), ["山田", "田太", "太郎"]);
        assert_eq!(cut("Иван Петров"), ["иван", "петров"]);
        assert_eq!(cut(&"x".repeat(100))[0].len(), 40);
    }

    #[test]
    fn products_are_found_by_short_words_and_by_numbers() {
        assert_eq!(product_words("Vitamine C"), ["vitamine", "c"]);
        assert_eq!(product_words("Réf 0012"), ["ref", "0012"]);
        assert_eq!(product_words("Savon 0.75 l"), ["savon", "0", "75", "0.75", "l"]);
        assert_eq!(product_words("06 12"), ["06", "12"]);
        assert_eq!(product_words("緑茶"), ["緑茶", "茶"]);
        assert_eq!(product_words("茶"), ["茶"]);
        assert_eq!(product_words("!? …"), [""; 0]);
    }

    #[test]
    fn a_query_is_cut_like_a_record() {
        assert_eq!(query_words("dup"), ["dup"]);
        assert_eq!(query_words("  ZOÉ   du "), ["zoe", "du"]);
        assert_eq!(query_words("06 12.34"), ["061234"]);
        assert_eq!(query_words("+33 6 12"), ["33612"]);
        assert_eq!(query_words("0033 6 12"), ["33612"]);
        assert_eq!(query_words("+33 (0)6 12 34"), ["3361234"]);
        assert_eq!(query_words("dupont 06 12 34"), ["dupont", "061234"]);
        assert_eq!(query_words("06 12 dupont"), ["0612", "dupont"]);
        assert_eq!(query_words("12-14"), ["12", "14"]);
        assert_eq!(query_words("26000"), ["26000"]);
        assert_eq!(query_words("612 345"), ["612345"]);
        assert_eq!(query_words("z"), [""; 0]);
        assert_eq!(query_words(""), [""; 0]);
        assert_eq!(query_words("太郎"), ["太郎"]);
    }
}
