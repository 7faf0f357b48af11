//! What of a link's shop is looked at: some of its products, one of them, or what was chosen. It stands
//! in the query of the address, so that every page can be reloaded and gone back to.

use shared::domain::{Line, OrderId, ProductId};
use shared::http::{Query, text};
use url::form_urlencoded::Serializer;

/// A page of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// Products to choose from.
    Shelf(Shelf),
    /// One product, with everything there is to say of it.
    Product(ProductId),
    /// What was chosen, to be ordered.
    Review,
    /// An order that was placed; since when what was posted again had `changed`.
    Placed { order: OrderId, changed: bool },
}

/// Which products.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Of this category only.
    pub category: Option<Line<60>>,
    /// Whose names begin with these words.
    pub search: Option<Line<60>>,
    /// From behind a place on, as the page before it said.
    pub after: Option<Line<600>>,
}

impl View {
    /// Reads a query. Whatever else a mail program or a messenger hung on the address is nobody's
    /// mistake here.
    pub fn read(query: &mut Query) -> Self {
        let Query(fields) = query;
        let placed = fields.optional("order", text);
        let changed = fields.optional("changed", text::<Line<10>>).is_some();
        let product = fields.optional("product", text);
        let review = fields.optional("review", text::<Line<10>>);
        let shelf = Shelf {
            category: fields.optional("category", text),
            search: fields.optional("q", text),
            after: fields.optional("after", text),
        };
        match (placed, review, product) {
            (Some(order), _, _) => Self::Placed { order, changed },
            (None, Some(_), _) => Self::Review,
            (None, None, Some(product)) => Self::Product(product),
            (None, None, None) => Self::Shelf(shelf),
        }
    }

    /// Reads what [`View::query`] wrote.
    pub fn parse(query: &str) -> Self {
        Self::read(&mut Query::parse(query.strip_prefix('?').unwrap_or(query)))
    }

    /// The query of its address: `?category=miels`.
    pub fn query(&self) -> String {
        let pairs: Vec<(&str, String)> = match self {
            Self::Placed { order, changed } => {
                let changed = changed.then(|| ("changed", "1".to_owned()));
                [("order", order.to_string())].into_iter().chain(changed).collect()
            }
            Self::Review => vec![("review", "1".to_owned())],
            Self::Product(product) => vec![("product", product.to_string())],
            Self::Shelf(Shelf { category, search, after }) => {
                let said = [
                    ("category", category.as_ref().map(Line::expose)),
                    ("q", search.as_ref().map(Line::expose)),
                    ("after", after.as_ref().map(Line::expose)),
                ];
                said.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
            }
        };
        format!("?{}", Serializer::new(String::new()).extend_pairs(pairs).finish())
    }

    /// The same products, and among them those that a search finds: from the first, where it is
    /// another search than before.
    #[must_use]
    pub fn searched(self, search: &str) -> Self {
        let search: Option<Line<60>> = search.trim().parse().ok();
        match self {
            Self::Shelf(shelf) if shelf.search != search => Self::Shelf(Shelf { search, ..Shelf::default() }),
            same => same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_what_its_address_says() {
        let order = "01JDGZZZZZZZZZZZZZZZZZZZZZ";
        for query in [
            "?",
            "?category=miels",
            "?category=c%26a+%23+%C3%A9t%C3%A9&q=lavande&after=abc",
            "?review=1",
            &format!("?product={order}"),
            &format!("?order={order}"),
            &format!("?order={order}&changed=1"),
        ] {
            assert_eq!(View::parse(query).query(), query);
        }
        for strange in ["", "?utm_source=mail&fbclid=x", "?product=x", "?order=", "?q=&category=%00"] {
            assert_eq!(View::parse(strange), View::Shelf(Shelf::default()), "{strange}");
        }
    }

    #[test]
    fn another_search_begins_at_the_beginning() {
        let here = View::parse("?category=miels&q=lavande&after=abc");
        assert_eq!(here.clone().searched(" lavande "), here);
        assert_eq!(here.clone().searched("tilleul").query(), "?q=tilleul");
        assert_eq!(here.searched("").query(), "?");
        assert_eq!(View::Review.searched("x"), View::Review);
    }
}
