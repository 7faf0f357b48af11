//! What a route takes and answers, for the API's document, told by the handler's own code: its
//! extractors say what it needs, the code that reads its fields names them, its answer's type is
//! the answer's schema. Nothing of it runs unless the document is asked for.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Object, SchemaFormat};

use super::schema::{AnySchema, Components, Continuation, Described, nullable};
use super::{Fields, Problem, ProblemKind, Query};

/// What the document says of a route beside its method, its path and who may call it.
#[derive(Clone, Default)]
pub struct Operation {
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The values in its path, in the order they stand there.
    pub path: Vec<AnySchema>,
    /// What its query may hold.
    pub query: Vec<ReadField>,
    /// The forms its body may have: media type and schema.
    pub bodies: Vec<(&'static str, AnySchema)>,
    /// A body to show, where that of every field's example is none.
    pub example: Option<Value>,
    /// What it answers when all is well.
    pub answers: Vec<Answer>,
    /// What else may be wrong than every route can say.
    pub problems: Vec<ProblemKind>,
    /// Whether it needs `If-Match`.
    pub if_match: bool,
    /// Whether a problem may be shown as a page.
    pub problems_as_page: bool,
    /// Whether it reads a query.
    pub reads_query: bool,
    /// Whether it reads a JSON object.
    pub reads_input: bool,
    /// The schemas that others refer to by name.
    pub components: Components,
}

/// One answer of a route.
#[derive(Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// The form of its body and what is in it; `None` where it has none.
    pub body: Option<(&'static str, AnySchema)>,
    /// Whether it names the version of what it shows.
    pub versioned: bool,
}

impl Operation {
    /// What it does, in a few words without a full stop.
    #[must_use]
    pub fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// Its body is an object with the fields that `read` reads. What `read` returns says nothing:
    /// it had nothing to read.
    #[must_use]
    pub fn takes<T>(mut self, read: impl FnOnce(Fields) -> Result<T, Problem>) -> Self {
        let object = self.object(read);
        self.body("application/json", object)
    }

    /// Its body is a merge patch (RFC 7396) of the fields that `read` reads.
    #[must_use]
    pub fn patches<T>(mut self, read: impl FnOnce(Fields) -> Result<T, Problem>) -> Self {
        let patch = self.object(read);
        self.body("application/merge-patch+json", patch.clone()).body("application/json", patch)
    }

    fn object<T>(&mut self, read: impl FnOnce(Fields) -> Result<T, Problem>) -> AnySchema {
        let record = Record::default();
        drop(read(Fields::described(record.clone())));
        let Read { fields, components } = record.taken();
        self.components.extend(components);
        Schema::Object(Read::object(fields)).into()
    }

    /// Its body may be of this form.
    #[must_use]
    pub fn body(mut self, media_type: &'static str, schema: impl Into<AnySchema>) -> Self {
        self.bodies.push((media_type, schema.into()));
        self
    }

    /// The body to show, where some of its fields exclude others.
    #[must_use]
    pub fn example(self, body: Value) -> Self {
        Self { example: Some(body), ..self }
    }

    /// Its query has the parameters that `read` reads.
    #[must_use]
    pub fn asks<T>(mut self, read: impl FnOnce(&mut Query) -> T) -> Self {
        let record = Record::default();
        drop(read(&mut Query(Fields::described(record.clone()))));
        let Read { fields, components } = record.taken();
        self.query.extend(fields);
        self.components.extend(components);
        self
    }

    /// It is a list of pages.
    #[must_use]
    pub fn paged(self) -> Self {
        self.asks(Query::limit).continued()
    }

    /// It goes on where its cursor says, as far as one answer holds.
    #[must_use]
    pub fn continued(self) -> Self {
        self.asks(|query| query.0.describe::<Continuation<()>>("cursor", false, false))
    }

    /// It answers `T` as JSON.
    #[must_use]
    pub fn answers<T: ToSchema>(mut self, status: StatusCode) -> Self {
        let schema = self.components.of_answer::<T>();
        self.answer(status, Some(("application/json", schema)))
    }

    /// It answers a [`List`](super::List) of `T`.
    #[must_use]
    pub fn lists<T: ToSchema>(mut self) -> Self {
        let items = self.components.of_answer::<T>();
        self.answer(StatusCode::OK, Some(("application/json", list_of(items))))
    }

    /// It answers an object that no type describes.
    #[must_use]
    pub fn answers_object(self, status: StatusCode, description: &str) -> Self {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some(description));
        self.answer(status, Some(("application/json", object.into())))
    }

    /// It answers a list of objects that no type describes.
    #[must_use]
    pub fn lists_objects(self, description: &str) -> Self {
        let item = ObjectBuilder::new().schema_type(Type::Object).description(Some(description));
        self.answer(StatusCode::OK, Some(("application/json", list_of(item.into()))))
    }

    /// It answers a page of our own, for a person.
    #[must_use]
    pub fn answers_page(self, status: StatusCode) -> Self {
        let page = ObjectBuilder::new().schema_type(Type::String);
        self.answer(status, Some(("text/html", page.into())))
    }

    /// It answers a script for pages of others.
    #[must_use]
    pub fn answers_script(self, status: StatusCode) -> Self {
        let script = ObjectBuilder::new().schema_type(Type::String);
        self.answer(status, Some(("text/javascript", script.into())))
    }

    /// It answers an image.
    #[must_use]
    pub fn answers_image(self, status: StatusCode) -> Self {
        let image =
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("binary".to_owned())));
        self.answer(status, Some(("image/*", image.into())))
    }

    /// A link that opens nothing is answered with a page of its own.
    #[must_use]
    pub fn shows_closed_links(self) -> Self {
        self.answers_page(StatusCode::NOT_FOUND)
    }

    /// What is wrong with what a person sent is shown as a page.
    #[must_use]
    pub fn shows_problems_as_page(self) -> Self {
        Self { problems_as_page: true, ..self }
    }

    /// It answers with a status alone.
    #[must_use]
    pub fn answers_nothing(self, status: StatusCode) -> Self {
        self.answer(status, None)
    }

    fn answer(mut self, status: StatusCode, body: Option<(&'static str, AnySchema)>) -> Self {
        self.answers.push(Answer { status, body, versioned: status == StatusCode::CREATED });
        self
    }

    /// The answer names the version of what it shows (`ETag`), as that of a creation always does.
    #[must_use]
    pub fn versioned(mut self) -> Self {
        self.answers.iter_mut().for_each(|answer| answer.versioned = true);
        self
    }

    /// It may also refuse for this reason.
    #[must_use]
    pub fn refuses(mut self, kind: ProblemKind) -> Self {
        self.problems.push(kind);
        self
    }
}

fn list_of(item: AnySchema) -> AnySchema {
    let next = ObjectBuilder::new().schema_type(Type::String);
    let next = next.description(Some("The `cursor` of the page after this one; null at the end."));
    let list = ObjectBuilder::new().schema_type(Type::Object).property("items", ArrayBuilder::new().items(item));
    list.property("next", nullable(next.into())).required("items").required("next").into()
}

/// A field that was read, of a body or of a query.
#[derive(Clone)]
pub struct ReadField {
    /// Its name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether null says something too.
    pub nullable: bool,
    /// What it may be.
    pub schema: AnySchema,
}

/// What was read while describing, shared with whoever asked.
#[derive(Clone, Default)]
pub(super) struct Record(Arc<Mutex<Read>>);

/// The fields that were read, and the schemas they refer to.
#[derive(Default)]
struct Read {
    fields: Vec<ReadField>,
    components: Components,
}

impl Record {
    pub(super) fn add<T: Described>(&self, name: &str, required: bool, nullable: bool) {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let schema = read.components.of::<T>();
        read.fields.push(ReadField { name: name.to_owned(), required, nullable, schema });
    }

    /// An object with the fields of `nested`; those that are `there` already need not be given.
    pub(super) fn add_object(&self, name: &str, nested: Self, there: impl Fn(&str) -> bool) {
        let Read { mut fields, components } = nested.taken();
        fields.iter_mut().for_each(|field| field.required &= !there(&field.name));
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.components.extend(components);
        let schema = Schema::Object(Read::object(fields)).into();
        read.fields.push(ReadField { name: name.to_owned(), required: false, nullable: true, schema });
    }

    /// A list of 1 to `max` objects with the fields of `nested`, which must be there.
    pub(super) fn add_objects(&self, name: &str, nested: Self, max: usize) {
        let Read { fields, components } = nested.taken();
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.components.extend(components);
        let list = ArrayBuilder::new().items(AnySchema::from(Schema::Object(Read::object(fields)))).min_items(Some(1));
        let schema = list.max_items(Some(max)).into();
        read.fields.push(ReadField { name: name.to_owned(), required: true, nullable: false, schema });
    }

    fn taken(&self) -> Read {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Read {
    /// An object of these fields, and of no other.
    fn object(fields: Vec<ReadField>) -> Object {
        let none = AdditionalProperties::FreeForm(false);
        let mut object = ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(none));
        for field in fields {
            if field.required {
                object = object.required(&field.name);
            }
            let schema = if field.nullable { nullable(field.schema) } else { field.schema };
            object = object.property(field.name, schema);
        }
        object.build()
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Record")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{CustomerStatus, Discount, EmailAddress};
    use crate::http::{choice, integer, text};

    fn schema(operation: &Operation) -> Value {
        serde_json::to_value(&operation.bodies[0].1).unwrap()
    }

    #[test]
    fn what_is_read_is_what_is_described() {
        let operation = Operation::default().takes(|mut fields| {
            let email: Option<EmailAddress> = fields.required("email", text);
            let discount: Option<Discount> = fields.optional("discount_bp", integer);
            let status: Option<CustomerStatus> = fields.replace("status", choice);
            assert!(email.is_none() && discount.is_none() && status.is_none());
            fields.finish()
        });
        let named = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let expected = json!({
            "type": "object",
            "required": ["email"],
            "properties": {
                "discount_bp": { "oneOf": [named("Discount"), { "type": "null" }] },
                "email": named("EmailAddress"),
                "status": named("CustomerStatus"),
            },
            "additionalProperties": false,
        });
        assert_eq!(schema(&operation), expected);
        let names: Vec<String> = operation.components.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["EmailAddress", "Discount", "CustomerStatus"]);
    }

    #[test]
    fn a_page_of_a_list_is_asked_for_with_a_limit_and_a_cursor() {
        let operation = Operation::default().paged();
        let names: Vec<&str> = operation.query.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["limit", "cursor"]);
        assert!(operation.query.iter().all(|field| !field.required));
    }
}
