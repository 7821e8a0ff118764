//! Models and enums that were written in Rust, as the text of a schema.

use darling::util::{Flag, SpannedValue};
use proc_macro2::{Ident, Span};
use syn::Type;
use syn::spanned::Spanned;

use super::arguments::camel;
use super::attributes::{EnumInput, FieldInput, Key, ModelInput, Raw, RelationInput, Target, doc_lines};
use super::client::{ClientInput, Property};
use super::column_type::{TypeName, column_type, hidden_type, modifier};
use super::inline::TokenText;

/// The text of models and enums, with the tokens that each part stands for.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) text: TokenText,
    /// The enums and composite types that the client names.
    pub(crate) types: Vec<String>,
    /// Types of columns that are neither scalars nor among these: place in the text, token, message.
    pub(crate) unknown_types: Vec<(usize, Span, String)>,
}

impl Writer {
    /// Text of no token in particular: its errors are at the last token before.
    fn gap(&mut self, text: &str) {
        self.text.push_gap(text);
    }

    fn token(&mut self, text: &str, span: Span) {
        self.text.push(text, span);
    }

    fn name(&mut self, ident: &Ident) {
        self.token(ident.to_string().trim_start_matches("r#"), ident.span());
    }

    fn string(&mut self, text: &str, span: Span) {
        self.token(&prisma_schema::syntax::escape(text), span);
    }

    fn names(&mut self, names: &[Ident]) {
        self.gap("[");
        for (i, name) in names.iter().enumerate() {
            if i > 0 {
                self.gap(", ");
            }
            self.name(name);
        }
        self.gap("]");
    }

    fn documentation(&mut self, attributes: &[syn::Attribute], indent: &str) {
        for line in doc_lines(attributes) {
            self.gap(&format!("{indent}///{line}\n"));
        }
    }

    /// `@map("…")`
    fn attribute(&mut self, name: &str, text: &str, span: Span) {
        self.gap(" ");
        self.token(&format!("{name}("), span);
        self.string(text, span);
        self.gap(")");
    }

    /// The datasource and the generators.
    pub(crate) fn config(&mut self, client: &ClientInput) {
        self.token("datasource db", client.name.span());
        self.gap(" {\n");
        for property in &client.properties {
            self.property(&camel(&property.name.to_string()), property);
        }
        self.gap("}\n\n");
        if let Some(preview_features) = &client.preview_features {
            self.gap("generator client {\n  provider = \"prisma-client\"\n");
            self.property("previewFeatures", preview_features);
            self.gap("}\n\n");
        }
        for generator in &client.generators {
            self.gap("generator ");
            self.name(&generator.name);
            self.gap(" {\n");
            for property in &generator.properties {
                // What a generator calls its own properties is up to it.
                let name = property.name.to_string();
                self.property(if name == "preview_features" { "previewFeatures" } else { &name }, property);
            }
            self.gap("}\n\n");
        }
    }

    fn property(&mut self, name: &str, property: &Property) {
        self.gap("  ");
        self.token(name, property.name.span());
        self.gap(" = ");
        self.text.arguments(property.value.clone());
        self.gap("\n");
    }

    pub(crate) fn enumeration(&mut self, input: &EnumInput) {
        self.documentation(&input.attrs, "");
        self.gap("enum ");
        self.name(&input.ident);
        self.gap(" {\n");
        for variant in input.variants() {
            self.documentation(&variant.attrs, "  ");
            self.gap("  ");
            self.name(&variant.ident);
            if let Some(map) = &variant.map {
                self.attribute("@map", map, map.span());
            }
            self.renamed_from("@renamedFrom", &variant.renamed_from);
            self.gap("\n");
        }
        self.block_names(&input.map, &input.schema, &input.renamed_from);
        self.gap("}\n\n");
    }

    /// `@@map`, `@@schema` and `@@renamedFrom`.
    fn block_names(
        &mut self,
        map: &Option<SpannedValue<String>>,
        schema: &Option<SpannedValue<String>>,
        renamed_from: &Option<Raw>,
    ) {
        for (name, value) in [("@@map", map), ("@@schema", schema)] {
            if let Some(value) = value {
                self.gap(" ");
                self.attribute(name, value, value.span());
                self.gap("\n");
            }
        }
        self.renamed_from("@@renamedFrom", renamed_from);
        self.gap(if renamed_from.is_some() { "\n" } else { "" });
    }

    /// `@renamedFrom("old", map: "…")`
    fn renamed_from(&mut self, name: &str, renamed_from: &Option<Raw>) {
        if let Some(Raw { tokens, span }) = renamed_from {
            self.gap(" ");
            self.token(&format!("{name}("), *span);
            self.text.arguments(tokens.clone());
            self.gap(")");
        }
    }

    /// A model, view or composite type; `models` are all of them, itself included.
    pub(crate) fn model(&mut self, input: &ModelInput, models: &[ModelInput]) {
        self.documentation(&input.attrs, "");
        self.gap(input.keyword());
        self.gap(" ");
        self.name(&input.ident);
        self.gap(" {\n");
        for field in input.fields() {
            self.documentation(&field.attrs, "  ");
            self.gap("  ");
            self.name(&field.name());
            self.gap(" ");
            match &field.relation {
                Some(relation) => self.relation(input, field, relation, models),
                None => self.column(input, field),
            }
            self.gap("\n");
        }
        let keys = [("@@unique", &input.unique), ("@@index", &input.index), ("@@fulltext", &input.fulltext)];
        let one = [("@@id", &input.id), ("@@shardKey", &input.shard_key)];
        let one = one.into_iter().flat_map(|(name, key)| key.iter().map(move |key| (name, key)));
        let keys = keys.into_iter().flat_map(|(name, keys)| keys.iter().map(move |key| (name, key)));
        for (name, key) in one.chain(keys) {
            self.key(name, key);
        }
        self.block_names(&input.map, &input.schema, &input.renamed_from);
        if input.ignore.is_present() {
            self.gap("  ");
            self.token("@@ignore", input.ignore.span());
            self.gap("\n");
        }
        self.gap("}\n\n");
    }

    fn key(&mut self, name: &str, key: &Key) {
        self.gap("  ");
        self.token(name, key.span);
        self.gap("([");
        for (i, field) in key.fields.iter().enumerate() {
            self.gap(if i > 0 { ", " } else { "" });
            self.text.arguments(field.clone());
        }
        self.gap("]");
        for option in &key.options {
            self.gap(", ");
            self.text.arguments(option.clone());
        }
        self.gap(")\n");
    }

    fn column(&mut self, model: &ModelInput, field: &FieldInput) {
        let ty = match field.is_hidden() {
            true => hidden_type(&field.ty).unwrap_or(&field.ty),
            false => &field.ty,
        };
        let native = match &field.unsupported {
            Some(Raw { tokens, span }) => {
                self.token("Unsupported(", *span);
                self.text.arguments(tokens.clone());
                self.gap(")");
                self.token(modifier(ty), field.ty.span());
                None
            }
            None => self.column_type(model, field, ty),
        };
        for (name, marker) in [("@id", &field.id), ("@unique", &field.unique)] {
            if let Some(marker) = marker {
                self.gap(" ");
                self.token(name, marker.span);
                if let Some(arguments) = &marker.arguments {
                    self.gap("(");
                    self.text.arguments(arguments.clone());
                    self.gap(")");
                }
            }
        }
        self.flag("@updatedAt", &field.updated_at);
        self.flag("@ignore", &field.ignore);
        self.flag("@shardKey", &field.shard_key);
        if let Some(Raw { tokens, span }) = &field.default {
            self.gap(" ");
            self.token("@default(", *span);
            self.text.arguments(tokens.clone());
            self.gap(")");
        }
        if let Some(map) = &field.map {
            self.attribute("@map", map, map.span());
        }
        self.renamed_from("@renamedFrom", &field.renamed_from);
        match (&field.db, native) {
            (Some(Raw { tokens, span }), _) => {
                self.gap(" ");
                self.token("@db.", *span);
                self.text.arguments(tokens.clone());
            }
            (None, Some(native)) => {
                self.gap(" ");
                self.token(&format!("@db.{native}"), field.ty.span());
            }
            (None, None) => {}
        }
    }

    /// The type of a column; gives the native type that goes with it.
    fn column_type(&mut self, model: &ModelInput, field: &FieldInput, ty: &Type) -> Option<&'static str> {
        let (name, native, modifier) = match column_type(ty) {
            Some(ty) => match ty.name {
                TypeName::Scalar { name, native } => (name.to_owned(), native, ty.modifier),
                TypeName::Other(name) => {
                    let name = name.to_string();
                    let name = name.trim_start_matches("r#").to_owned();
                    if !self.types.contains(&name) {
                        let message = format!(
                            "the type `{name}` of the field `{}` of `{}` is no type of a column\n\
                             help: if it is an enum, write `#[derive(Enum)]` above it and `enums = [{name}]` in `client!`; if a composite type, `types = [{name}]`",
                            field.name(),
                            model.ident
                        );
                        self.unknown_types.push((self.text.text().len(), field.ty.span(), message));
                    }
                    (name, None, ty.modifier)
                }
            },
            None => ("String".to_owned(), None, ""),
        };
        self.token(&format!("{name}{modifier}"), field.ty.span());
        native
    }

    fn flag(&mut self, name: &str, flag: &Flag) {
        if flag.is_present() {
            self.gap(" ");
            self.token(name, flag.span());
        }
    }

    fn relation(&mut self, model: &ModelInput, field: &FieldInput, relation: &RelationInput, models: &[ModelInput]) {
        let Some((target, modifier)) = relation.target(model) else { return };
        self.name(&target.model);
        self.gap(modifier);
        let name = relation_name(model, field, relation, target, models);
        let actions = [("onDelete", &relation.on_delete), ("onUpdate", &relation.on_update)];
        let mut parts = Parts::default();
        if let Some((name, span)) = name {
            parts.start(self);
            self.string(&name, span);
        }
        for (key, names) in [("fields", &relation.fields), ("references", &relation.references)] {
            if let Some(names) = names {
                parts.start(self);
                self.gap(&format!("{key}: "));
                self.names(&names.0);
            }
        }
        for (key, action) in actions {
            if let Some(action) = action {
                parts.start(self);
                self.gap(&format!("{key}: "));
                self.name(&action.0);
            }
        }
        if let Some(map) = &relation.map {
            parts.start(self);
            self.gap("map: ");
            self.string(map, map.span());
        }
        if parts.any {
            self.gap(")");
        }
        self.flag("@ignore", &field.ignore);
        // For the schema to refuse.
        self.renamed_from("@renamedFrom", &field.renamed_from);
    }
}

/// The arguments of `@relation(`, with commas between.
#[derive(Default)]
struct Parts {
    any: bool,
}

impl Parts {
    fn start(&mut self, writer: &mut Writer) {
        writer.gap(if self.any { ", " } else { " @relation(" });
        self.any = true;
    }
}

impl RelationInput {
    /// The model at the other end, and the modifier of the field.
    fn target(&self, model: &ModelInput) -> Option<(&Target, &'static str)> {
        match (&self.one, &self.many) {
            (_, Some(target)) => Some((target, "[]")),
            (Some(target), None) => {
                let fields = self.fields.iter().flat_map(|f| &f.0);
                let optional = self.optional.is_present()
                    || self.fields.is_none()
                    || fields.into_iter().any(|name| {
                        let field = model.fields().iter().find(|f| f.name() == *name);
                        field.is_some_and(|f| modifier(hidden_type(&f.ty).unwrap_or(&f.ty)) == "?")
                    });
                Some((target, if optional { "?" } else { "" }))
            }
            (None, None) => None,
        }
    }
}

/// The name of the relation: the given one, at either end; or, where several relations lead from one model to the other, one
/// made of the end that holds the key (or, of m-n, the first in the alphabet), as both ends find it.
fn relation_name(
    model: &ModelInput,
    field: &FieldInput,
    relation: &RelationInput,
    target: &Target,
    models: &[ModelInput],
) -> Option<(String, Span)> {
    if let Some(name) = &relation.name {
        return Some((name.to_string(), name.span()));
    }
    let other = models.iter().find(|m| m.ident == target.model)?;
    let opposite = target.field.as_ref().and_then(|name| other.fields().iter().find(|f| f.name() == *name));
    let opposite = opposite.or_else(|| {
        other.fields().iter().find(|f| {
            let leads_back =
                f.relation.as_ref().and_then(|r| r.target(other)).and_then(|(t, _)| Some((t, t.field.as_ref()?)));
            leads_back.is_some_and(|(t, name)| t.model == model.ident && *name == field.name())
        })
    });
    let span = field.name().span();
    if let Some(name) = opposite.and_then(|o| o.relation.as_ref()?.name.as_ref()) {
        return Some((name.to_string(), span));
    }
    let between = |from: &ModelInput, to: &ModelInput| {
        let leads = |f: &&FieldInput| {
            f.relation.as_ref().and_then(|r| r.target(from)).is_some_and(|(t, _)| t.model == to.ident)
        };
        from.fields().iter().filter(leads).count()
    };
    if model.ident != other.ident && between(model, other) < 2 && between(other, model) < 2 {
        return None;
    }
    let end = |model: &ModelInput, field: &FieldInput| format!("{}_{}", model.ident, field.name());
    let own = end(model, field);
    let Some(opposite) = opposite else { return Some((own, span)) };
    let theirs = end(other, opposite);
    let holds_key = |f: &FieldInput| f.relation.as_ref().is_some_and(|r| r.fields.is_some());
    let name = match (holds_key(field), holds_key(opposite)) {
        (true, _) => own,
        (_, true) => theirs,
        _ => own.min(theirs),
    };
    Some((name, span))
}
