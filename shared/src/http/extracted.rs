//! What a handler's own arguments say of its route: an id in the path, a version, a body.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;

use super::schema::{Described, token};
use super::{Call, IfMatch, Input, Operation, PathId, PathIds, PathTemplate, PathToken, Query, Staff};
use crate::domain::{Locale, MessageKind};

/// An argument of a handler, or all of them.
pub trait Extracted {
    /// Adds what the argument needs of a request.
    #[must_use]
    fn describe(operation: Operation) -> Operation {
        operation
    }
}

impl<S> Extracted for State<S> {}
impl Extracted for Call {}
impl Extracted for Staff {}
impl Extracted for HeaderMap {}
impl Extracted for Bytes {}
impl<T: Extracted, E> Extracted for Result<T, E> {}

impl<T: Described> Extracted for PathId<T> {
    fn describe(mut operation: Operation) -> Operation {
        let id = operation.components.of::<T>();
        operation.path.push(id);
        operation
    }
}

impl<A: Described, B: Described> Extracted for PathIds<A, B> {
    fn describe(operation: Operation) -> Operation {
        PathId::<B>::describe(PathId::<A>::describe(operation))
    }
}

impl Extracted for PathTemplate {
    fn describe(operation: Operation) -> Operation {
        PathIds::<MessageKind, Locale>::describe(operation)
    }
}

impl Extracted for PathToken {
    fn describe(mut operation: Operation) -> Operation {
        operation.path.push(token());
        operation
    }
}

impl Extracted for Query {
    fn describe(mut operation: Operation) -> Operation {
        operation.reads_query = true;
        operation
    }
}

impl Extracted for IfMatch {
    fn describe(mut operation: Operation) -> Operation {
        operation.if_match = true;
        operation
    }
}

impl Extracted for Input {
    fn describe(mut operation: Operation) -> Operation {
        operation.reads_input = true;
        operation
    }
}

// The first of a handler's types is axum's own, and tells which way the request came.
macro_rules! arguments {
    ($($argument:ident)*) => {
        impl<Via, $($argument: Extracted),*> Extracted for (Via, $($argument,)*) {
            fn describe(operation: Operation) -> Operation {
                $(let operation = $argument::describe(operation);)*
                operation
            }
        }
    };
}

arguments!();
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);
arguments!(A B C D E);
arguments!(A B C D E F);
arguments!(A B C D E F G);
arguments!(A B C D E F G H);
