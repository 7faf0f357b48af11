//! Plain text: values on one line, and the text part's shape.

use std::borrow::Cow;

/// Columns of a text part's line, after RFC 5322, section 2.1.1.
const WIDTH: usize = 78;

/// The value on one line, without control characters: a name can't add a header to a
/// subject, a paragraph to a text, or turn the reading direction of what follows.
pub(super) fn one_line(value: &str) -> Cow<'_, str> {
    let plain = !value.chars().any(breaks_or_hides) && !value.contains("  ");
    if plain && value.trim().len() == value.len() {
        return Cow::Borrowed(value);
    }
    let spaced = value.replace(breaks_or_hides, " ");
    Cow::Owned(spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// Several lines, each of them as [`one_line`], with at most one empty one in between.
pub(super) fn lines(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for line in value.lines().map(one_line) {
        if line.is_empty() && (text.is_empty() || text.ends_with("\n\n")) {
            continue;
        }
        text.push_str(&line);
        text.push('\n');
    }
    text.truncate(text.trim_end_matches('\n').len());
    text
}

fn breaks_or_hides(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// At most `limit` characters, the last one an ellipsis if something was cut.
pub(super) fn shorten(value: Cow<'_, str>, limit: usize) -> Cow<'_, str> {
    match value.char_indices().nth(limit) {
        None => value,
        Some(_) => {
            let kept: String = value.chars().take(limit.saturating_sub(1)).collect();
            Cow::Owned(format!("{}…", kept.trim_end()))
        }
    }
}

/// A rendered text part in its final shape: wrapped at 78 columns where a space allows (an
/// address is never broken), quotes stay quotes, no more than one empty line in a row, no
/// space at a line's end.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len() + 64);
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            if !empty {
                tidy.push('\n');
            }
            empty = true;
        } else {
            wrap(line, &mut tidy);
            empty = false;
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

fn wrap(line: &str, into: &mut String) {
    let indent_len = line.len() - line.trim_start_matches([' ', '>']).len();
    let (indent, words) = line.split_at(indent_len);
    into.push_str(indent);
    let mut column = indent_len;
    for (index, word) in words.split(' ').enumerate() {
        let width = word.chars().count();
        if index > 0 && column + 1 + width > WIDTH {
            into.push('\n');
            into.push_str(indent);
            column = indent_len;
        } else if index > 0 {
            into.push(' ');
            column += 1;
        }
        into.push_str(word);
        column += width;
    }
    into.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_on_one_line() {
        assert_eq!(one_line("Zoé Dupont"), "Zoé Dupont");
        assert_eq!(one_line(" a\r\nBcc: b@c\u{2028}d\u{202e}e\t "), "a Bcc: b@c d e");
        assert_eq!(one_line("10\u{202f}%"), "10\u{202f}%");
        assert_eq!(lines("\n\na\n\n\n\nb \r\nc\n"), "a\n\nb\nc");
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(shorten(Cow::Borrowed("été"), 3), "été");
        assert_eq!(shorten(Cow::Borrowed("étés"), 3), "ét…");
    }

    #[test]
    fn text_is_wrapped_and_spaced() {
        let long = format!("\n\n> {}\n\n\n\nhttps://{}\n", "mot ".repeat(30), "x".repeat(90));
        let text = tidy(&long);
        assert!(text.starts_with("> mot") && text.lines().nth(1).unwrap().starts_with("> mot"));
        assert!(text.lines().all(|line| line.chars().count() <= 78 || line.starts_with("https")));
        assert!(!text.contains("\n\n\n") && text.ends_with("x\n"));
    }
}
