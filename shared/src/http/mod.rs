//! What every HTTP function shares: routes that name who may call them, staff identity, inputs
//! that report every error at once, problems, versions, repeatable requests, pages.
//!
//! A function gives [`Routes`]; [`Routes::into_router`] adds the boundary that freezes the time of
//! a request, logs its outcome and writes problems in the caller's language. What the API's document
//! says of a route, [`Operation`], comes from the route and from the code that reads its fields.

mod alerts;
mod boundary;
mod call;
mod cursor;
mod customer_filter;
pub mod example;
mod extracted;
mod fields;
mod input;
mod list;
mod message_view;
mod operation;
mod pace;
mod page;
mod problem;
mod routes;
pub mod schema;
mod sheet;
mod staff;
mod template_path;
mod token_path;
mod version;

pub use alerts::alerts;
pub use call::Call;
pub use cursor::Cursor;
pub use customer_filter::customer_filter;
pub use extracted::Extracted;
pub use fields::{
    FieldError, Fields, Patch, boolean, choice, choices, day, instant, integer, integer_value, pairs, text,
};
pub use input::{Input, PathId, PathIds, Query, first_outcome};
pub use list::List;
pub use message_view::message_view;
pub use operation::{Answer, Operation, ReadField};
pub use pace::{network, too_fast, until_tomorrow};
pub use page::{Page, page, redirect};
pub use problem::{Problem, ProblemKind};
pub use routes::{Access, Route, Routes};
pub use sheet::sheet;
pub use staff::{ALL_ROLES, EDITORS, MANAGERS, OWNER, Role, Staff};
pub use template_path::PathTemplate;
pub use token_path::{PathToken, closed_link};
pub use version::{IfMatch, created, etag};
