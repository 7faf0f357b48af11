//! The look of the laptop's own pages: one column at 320 px, two at 1280 px, both colour schemes.

/// The style sheet, small enough to stand in each page.
pub(crate) const STYLE: &str = include_str!("page_style.css");
