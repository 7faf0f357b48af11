//! What differs from run to run, taken out of snapshots.

use insta::Settings;

/// Settings under which ids, instants, tokens and ports are replaced by what they are.
pub fn redacted() -> Settings {
    let mut settings = Settings::clone_current();
    for (volatile, name) in [
        (r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b", "[id]"),
        (r"\b[a-z2-7]{32}\b", "[token]"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[instant]"),
        (r"\b\d{6}-[0-9A-Z]{6}\b", "[number]"),
        (r#"name="stamp" value="[^"]*""#, r#"name="stamp" value="[stamp]""#),
        (r"\blocalhost:\d+\b", "localhost:[port]"),
    ] {
        settings.add_filter(volatile, name);
    }
    settings
}
