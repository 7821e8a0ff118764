//! The Rust name of everything in a schema, and what would clash.

use std::collections::HashMap;

use prisma_schema::diagnostics::Diagnostic;
use prisma_schema::{EnumId, FieldId, ModelId, ModelWalker};
use proc_macro2::{Ident, Span};
use quote::format_ident;

use super::Request;
use super::case::{camel, identifier, snake, variant};

/// Where something of the schema stands in the user's Rust code.
pub(crate) type Locate<'a> = &'a dyn Fn(prisma_schema::Span) -> Span;

/// A name of the schema in Rust, by this rule.
type Spell<'a> = &'a dyn Fn(fn(&str) -> String, &str) -> String;

/// The Rust names of a schema.
pub(super) struct Names {
    pub(super) models: Vec<ModelNames>,
    pub(super) enums: Vec<EnumNames>,
}

/// The Rust names of a model.
pub(super) struct ModelNames {
    pub(super) record: Ident,
    pub(super) module: Ident,
    pub(super) accessor: Ident,
    /// By [`FieldId`].
    pub(super) fields: Vec<Ident>,
    /// The compound keys that the client sees: name, and place among the model's indexes.
    pub(super) keys: Vec<(Ident, usize)>,
}

/// The Rust names of an enum.
pub(super) struct EnumNames {
    pub(super) name: Ident,
    pub(super) variants: Vec<Ident>,
}

impl Names {
    /// All names. What cannot be named, or would be named as something else is, goes to `sink`.
    pub(super) fn new(request: &Request<'_>, locate: Locate<'_>, sink: &mut Vec<Diagnostic>) -> Self {
        let (schema, client) = (request.schema, &request.client);
        // What the user has written in Rust has its name already.
        let spell = |how: fn(&str) -> String, name: &str| if request.records { how(name) } else { name.to_owned() };
        let mut types = Namespace::new(sink, String::new());
        types.reserve(client.to_string(), "the client".to_owned());
        types.reserve(format!("{client}Models"), "the client's accessors".to_owned());
        let mut models = Vec::with_capacity(schema.models.len());
        for model in schema.walk_models() {
            let data = model.data();
            let what = || format!("the model `{}`", data.name);
            let span = locate(data.name_span);
            let record = types.add(&spell(camel, &data.name), what, data.name_span, span);
            let module = types.add(&snake(&data.name), || format!("the module of {}", what()), data.name_span, span);
            let accessor = match module.to_string() {
                name if ACCESSORS_TAKEN.contains(&name.as_str()) => format_ident!("{name}_", span = span),
                _ => module.clone(),
            };
            models.push(ModelNames { record, module, accessor, fields: Vec::new(), keys: Vec::new() });
        }
        let mut enums = Vec::with_capacity(schema.enums.len());
        for e in schema.walk_enums() {
            let data = e.data();
            let what = || format!("the enum `{}`", data.name);
            let name = types.add(&spell(camel, &data.name), what, data.name_span, locate(data.name_span));
            enums.push(EnumNames { name, variants: Vec::new() });
        }
        for (model, names) in schema.walk_models().zip(&mut models) {
            names.members(model, &spell, locate, sink);
        }
        for (e, names) in schema.walk_enums().zip(&mut enums) {
            let mut values = Namespace::new(sink, format!("the enum `{}`: ", e.name()));
            let value = |v: &prisma_schema::EnumValue| {
                values.add(&spell(variant, &v.name), || format!("the value `{}`", v.name), v.span, locate(v.span))
            };
            names.variants = e.values().iter().map(value).collect();
        }
        Self { models, enums }
    }

    pub(super) fn model(&self, id: ModelId) -> &ModelNames {
        &self.models[id.0 as usize]
    }

    pub(super) fn enumeration(&self, id: EnumId) -> &EnumNames {
        &self.enums[id.0 as usize]
    }
}

impl ModelNames {
    pub(super) fn field(&self, id: FieldId) -> &Ident {
        &self.fields[id.0 as usize]
    }

    fn members(&mut self, model: ModelWalker<'_>, spell: Spell<'_>, locate: Locate<'_>, sink: &mut Vec<Diagnostic>) {
        let mut members = Namespace::new(sink, format!("the model `{}`: ", model.name()));
        members.reserve("create".to_owned(), "the function `create` of the model's module".to_owned());
        for field in model.fields() {
            let (data, span) = (field.data(), locate(field.data().name_span));
            let name = spell(snake, &data.name);
            self.fields.push(if field.is_in_client() {
                members.add(&name, || format!("the field `{}`", data.name), data.name_span, span)
            } else {
                format_ident!("__hidden", span = span)
            });
        }
        for (i, index) in model.indexes().enumerate() {
            let is_key = model.unique_keys().any(|k| std::ptr::eq(k.data(), index.data()));
            // The same fields may be a key twice, such as by `@@id` and `@@unique`: one token is enough.
            let is_again = index.data().name.is_none()
                && model.unique_keys().take_while(|k| !std::ptr::eq(k.data(), index.data())).any(|earlier| {
                    earlier.data().name.is_none() && earlier.fields().map(|f| f.id()).eq(index.fields().map(|f| f.id()))
                });
            if is_key && !is_again && index.fields().len() > 1 && index.fields().all(|f| f.is_in_client()) {
                let (name, span) = (index.client_name(), index.data().span);
                let key = members.add(&snake(&name), || format!("the key `{name}`"), span, locate(span));
                self.keys.push((key, i));
            }
        }
    }
}

/// Methods that the client has by itself: an accessor of that name would not be reached.
const ACCESSORS_TAKEN: &[&str] = &[
    "batch",
    "begin",
    "builder",
    "clone",
    "commit",
    "connect",
    "disconnect",
    "driver",
    "execute_raw",
    "in_memory",
    "migrate",
    "model",
    "new",
    "pool",
    "push_schema",
    "query_raw",
    "rollback",
    "schema",
    "transaction",
];

/// Names that must differ, with what has them.
struct Namespace<'a> {
    taken: HashMap<String, String>,
    sink: &'a mut Vec<Diagnostic>,
    context: String,
}

impl<'a> Namespace<'a> {
    fn new(sink: &'a mut Vec<Diagnostic>, context: String) -> Self {
        Self { taken: HashMap::new(), sink, context }
    }

    fn reserve(&mut self, name: String, what: String) {
        self.taken.insert(name, what);
    }

    fn add(&mut self, name: &str, what: impl Fn() -> String, place: prisma_schema::Span, span: Span) -> Ident {
        let context = &self.context;
        let Some(ident) = identifier(name, span) else {
            let message = format!("{context}{} has no name in Rust: `{name}` is no identifier", what());
            let help = "rename it, and keep its name in the database with `@map`";
            self.sink.push(Diagnostic::error(place, message).with_help(help));
            return format_ident!("__unnamed", span = span);
        };
        if let Some(other) = self.taken.get(name) {
            let message = format!("{context}{other} and {} would both be `{name}` in Rust", what());
            let help = "rename one of them, and keep its name in the database with `@map`";
            self.sink.push(Diagnostic::error(place, message).with_help(help));
        }
        self.taken.insert(name.to_owned(), what());
        ident
    }
}
