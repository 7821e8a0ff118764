//! A schema as text again.

use std::fmt::Write;

use super::*;
use crate::syntax::escape;

impl Schema {
    /// The schema as text of the schema language, formatted; reading it gives the same schema.
    pub fn to_psl(&self) -> String {
        let mut printer = Printer { schema: self, out: String::new() };
        printer.datasource();
        for generator in &self.generators {
            printer.generator(generator);
        }
        for model in self.walk_models() {
            let text = printer.model(model).text();
            printer.line(&text);
        }
        for composite in &self.composites {
            printer.composite(composite);
        }
        for enumeration in &self.enums {
            printer.line(&enum_text(enumeration).text());
        }
        // Only a schema that was made by hand can hold a name that does not read back; then the text is left as it is.
        crate::format(&printer.out).unwrap_or(printer.out)
    }
}

/// A model, view or enum as text that is not formatted yet, in the parts that can change by themselves.
#[derive(Debug)]
pub(crate) struct BlockText {
    /// Keyword and name.
    pub(crate) head: String,
    documentation: Option<String>,
    /// Fields or values.
    pub(crate) entries: Vec<EntryText>,
    /// Attributes of the block.
    pub(crate) attributes: Vec<String>,
}

/// A field, or a value of an enum.
#[derive(Debug)]
pub(crate) struct EntryText {
    pub(crate) name: String,
    documentation: Option<String>,
    /// The whole, without documentation.
    pub(crate) line: String,
}

impl BlockText {
    /// All of it.
    pub(crate) fn text(&self) -> String {
        let entries: String = self.entries.iter().map(EntryText::text).collect();
        let attributes: String = self.attributes.iter().map(|a| format!("{a}\n")).collect();
        format!("{}{} {{\n{entries}{attributes}}}\n", documentation(self.documentation.as_deref()), self.head)
    }
}

impl EntryText {
    /// The lines of documentation, and its own.
    pub(crate) fn text(&self) -> String {
        format!("{}{}\n", documentation(self.documentation.as_deref()), self.line)
    }
}

fn documentation(text: Option<&str>) -> String {
    text.iter().flat_map(|d| d.split('\n')).map(|line| format!("/// {line}\n")).collect()
}

/// `@map("name")` or `@@map("name")`, where there is something to say.
fn map(attribute: &str, name: Option<&str>) -> Option<String> {
    name.map(|name| format!("{attribute}({})", escape(name)))
}

impl Schema {
    /// A model or view as text.
    pub(crate) fn model_text(&self, model: ModelWalker<'_>) -> BlockText {
        Printer { schema: self, out: String::new() }.model(model)
    }

    /// The properties of the datasource that a database tells: the lines of those that are there.
    pub(crate) fn told_properties(&self) -> [(&'static str, Option<String>); 2] {
        let data = &self.datasource;
        let schemas = (!data.schemas.is_empty()).then(|| format!("schemas = {}", strings(&data.schemas)));
        let extensions: Vec<_> = data.extensions.iter().map(extension).collect();
        let extensions =
            (!extensions.is_empty()).then(|| format!("extensions = {}", list(extensions.iter().map(String::as_str))));
        [("schemas", schemas), ("extensions", extensions)]
    }
}

/// An enum as text.
pub(crate) fn enum_text(data: &Enum) -> BlockText {
    let value = |value: &EnumValue| EntryText {
        name: value.name.clone(),
        documentation: value.documentation.clone(),
        line: [
            Some(value.name.clone()),
            map("@map", value.map.as_deref()),
            value.renamed_from.as_ref().map(renamed_from),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" "),
    };
    BlockText {
        head: format!("enum {}", data.name),
        documentation: data.documentation.clone(),
        entries: data.values.iter().map(value).collect(),
        attributes: map("@@map", data.map.as_deref())
            .into_iter()
            .chain(data.renamed_from.as_ref().map(renamed_block))
            .chain(map("@@schema", data.schema.as_deref()))
            .collect(),
    }
}

struct Printer<'s> {
    schema: &'s Schema,
    out: String,
}

/// `@renamedFrom("old", map: "old_column")`
fn renamed_from(renamed: &RenamedFrom) -> String {
    let map = renamed.map.as_ref().map(|m| format!("map: {}", escape(m)));
    let arguments: Vec<_> = [escape(&renamed.name)].into_iter().chain(map).collect();
    format!("@renamedFrom{}", parentheses(&arguments))
}

/// `@@renamedFrom("old", map: "old_table")`
fn renamed_block(renamed: &RenamedFrom) -> String {
    format!("@{}", renamed_from(renamed))
}

/// `(a, b)`, or nothing if there is nothing to say.
fn parentheses(arguments: &[String]) -> String {
    if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
}

fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", texts.into_iter().collect::<Vec<_>>().join(", "))
}

fn string_or_env(value: &StringOrEnv) -> String {
    match value {
        StringOrEnv::Literal(text) => escape(text),
        StringOrEnv::Env(variable) => format!("env({})", escape(variable)),
    }
}

fn setting(value: &SettingValue) -> String {
    match value {
        SettingValue::Text(text) => string_or_env(text),
        SettingValue::Word(text) => text.clone(),
        SettingValue::List(values) => {
            let values: Vec<_> = values.iter().map(setting).collect();
            list(values.iter().map(String::as_str))
        }
    }
}

fn strings(texts: &[String]) -> String {
    let literals: Vec<_> = texts.iter().map(|t| escape(t)).collect();
    list(literals.iter().map(String::as_str))
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn datasource(&mut self) {
        let data = &self.schema.datasource;
        self.line(&format!("datasource {} {{", data.name));
        self.line(&format!("provider = {}", escape(data.provider.name())));
        for (key, value) in
            [("url", &data.url), ("directUrl", &data.direct_url), ("shadowDatabaseUrl", &data.shadow_database_url)]
        {
            if let Some(value) = value {
                self.line(&format!("{key} = {}", string_or_env(value)));
            }
        }
        if data.provider.capabilities().relation_modes.first() != Some(&data.relation_mode) {
            self.line(&format!("relationMode = {}", escape(data.relation_mode.name())));
        }
        for line in self.schema.told_properties().into_iter().filter_map(|(_, line)| line) {
            self.line(&line);
        }
        self.line("}\n");
    }

    fn generator(&mut self, generator: &Generator) {
        self.line(&format!("generator {} {{", generator.name));
        self.line(&format!("provider = {}", string_or_env(&generator.provider)));
        if !generator.preview_features.is_empty() {
            self.line(&format!("previewFeatures = {}", strings(&generator.preview_features)));
        }
        for (key, value) in &generator.settings {
            self.line(&format!("{key} = {}", setting(value)));
        }
        self.line("}\n");
    }

    fn model(&self, model: ModelWalker<'_>) -> BlockText {
        let data = model.data();
        let entry = |field: FieldWalker<'_>| {
            let mut attributes: Vec<_> =
                model.indexes().filter(|i| i.is_on_field(field.id())).map(index_text).collect();
            attributes.extend(self.field_attributes(field.data()));
            attributes.extend(self.relation(field));
            attributes.extend(field.data().is_ignored.then(|| "@ignore".to_owned()));
            self.field(field.data(), &attributes)
        };
        let indexes = model.indexes().filter(|i| !i.data().on_field).map(index_text);
        let shard_key = (!data.shard_key.is_empty()).then(|| format!("@@shardKey({})", names(model, &data.shard_key)));
        let rest = [
            shard_key,
            map("@@map", data.map.as_deref()),
            data.renamed_from.as_ref().map(renamed_block),
            map("@@schema", data.schema.as_deref()),
            data.is_ignored.then(|| "@@ignore".to_owned()),
        ];
        BlockText {
            head: format!("{} {}", if data.is_view { "view" } else { "model" }, data.name),
            documentation: data.documentation.clone(),
            entries: model.fields().map(entry).collect(),
            attributes: indexes.chain(rest.into_iter().flatten()).collect(),
        }
    }

    fn composite(&mut self, composite: &CompositeType) {
        let fields = composite.fields.iter().map(|f| self.field(f, &self.field_attributes(f)));
        let block = BlockText {
            head: format!("type {}", composite.name),
            documentation: composite.documentation.clone(),
            entries: fields.collect(),
            attributes: Vec::new(),
        };
        self.line(&block.text());
    }

    fn field(&self, field: &Field, attributes: &[String]) -> EntryText {
        let ty = match &field.kind {
            FieldKind::Scalar(scalar) => match &scalar.ty {
                ScalarType::Enum(id) => self.schema.enums[id.0 as usize].name.clone(),
                ScalarType::Unsupported(text) => format!("Unsupported({})", escape(text)),
                other => other.name().to_owned(),
            },
            FieldKind::Relation(relation) => self.schema.models[relation.related_model.0 as usize].name.clone(),
            FieldKind::Composite(id) => self.schema.composites[id.0 as usize].name.clone(),
        };
        let modifier = match field.arity {
            Arity::Required => "",
            Arity::Optional => "?",
            Arity::List => "[]",
        };
        EntryText {
            name: field.name.clone(),
            documentation: field.documentation.clone(),
            line: format!("{} {ty}{modifier} {}", field.name, attributes.join(" ")),
        }
    }

    /// `@default`, `@updatedAt`, `@map`, `@renamedFrom` and the native type.
    fn field_attributes(&self, field: &Field) -> Vec<String> {
        let mut attributes = Vec::new();
        if let FieldKind::Scalar(scalar) = &field.kind {
            if let Some(default) = &scalar.default {
                let mut arguments = vec![default_value(default)];
                arguments.extend(scalar.default_map.as_ref().map(|m| format!("map: {}", escape(m))));
                attributes.push(format!("@default{}", parentheses(&arguments)));
            }
            attributes.extend(scalar.is_updated_at.then(|| "@updatedAt".to_owned()));
        }
        attributes.extend(field.map.as_ref().map(|m| format!("@map({})", escape(m))));
        attributes.extend(field.renamed_from.as_ref().map(renamed_from));
        if let FieldKind::Scalar(ScalarField { native_type: Some(native), .. }) = &field.kind {
            attributes.push(format!("@{}.{}{}", self.schema.datasource.name, native.name, parentheses(&native.args)));
        }
        attributes
    }

    fn relation(&self, field: FieldWalker<'_>) -> Option<String> {
        let relation = field.relation()?;
        let mut arguments = Vec::new();
        let model = field.model();
        let related = field.related_model()?;
        if relation.name() != default_relation_name(model.name(), related.name()) || model.id() == related.id() {
            arguments.push(escape(relation.name()));
        }
        if let Some((own, _)) = field.key_lists() {
            arguments.push(format!("fields: {}", names(model, &[own.keys])));
            arguments.push(format!("references: {}", names(related, &[own.references])));
        }
        match field.link() {
            Some(Link::Owning { fields, references, key }) => {
                arguments.push(format!("fields: {}", names(model, fields)));
                arguments.push(format!("references: {}", names(related, references)));
                arguments.extend(key.on_delete.map(|a| format!("onDelete: {}", a.name())));
                arguments.extend(key.on_update.map(|a| format!("onUpdate: {}", a.name())));
                arguments.extend(key.map.as_ref().map(|m| format!("map: {}", escape(m))));
            }
            Some(Link::Referenced { .. } | Link::Join { .. }) | None => {}
        }
        (!arguments.is_empty()).then(|| format!("@relation{}", parentheses(&arguments)))
    }
}

/// A key or index as an attribute.
pub(crate) fn index_text(index: IndexWalker<'_>) -> String {
    let data = index.data();
    let name = match data.kind {
        IndexKind::PrimaryKey => "id",
        IndexKind::Unique => "unique",
        IndexKind::Normal => "index",
        IndexKind::Fulltext => "fulltext",
    };
    let mut arguments = Vec::new();
    if data.on_field {
        for field in &data.fields {
            arguments.extend(field.arguments());
        }
    } else {
        let fields: Vec<_> = data
            .fields
            .iter()
            .map(|part| {
                let field = index.model().field(part.field);
                let mut path = field.name().to_owned();
                for inner in field.composite_path(&part.path) {
                    let _ = write!(path, ".{}", inner.name);
                }
                path + &parentheses(&part.arguments())
            })
            .collect();
        arguments.push(list(fields.iter().map(String::as_str)));
    }
    arguments.extend(data.name.as_ref().map(|n| format!("name: {}", escape(n))));
    arguments.extend(data.map.as_ref().map(|m| format!("map: {}", escape(m))));
    arguments.extend(data.algorithm.as_ref().map(|a| format!("type: {a}")));
    arguments.extend(data.clustered.map(|c| format!("clustered: {c}")));
    arguments.extend(data.predicate.as_ref().map(|p| format!("where: raw({})", escape(p))));
    format!("{}{name}{}", if data.on_field { "@" } else { "@@" }, parentheses(&arguments))
}

impl IndexField {
    /// `sort`, `length` and `ops` as arguments.
    fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        arguments.extend(self.sort.map(|s| format!("sort: {s:?}")));
        arguments.extend(self.length.map(|l| format!("length: {l}")));
        arguments.extend(self.operator_class.as_ref().map(|o| format!("ops: {o}")));
        arguments
    }
}

fn names(model: ModelWalker<'_>, fields: &[FieldId]) -> String {
    list(fields.iter().map(|f| model.field(*f).name()))
}

fn extension(extension: &Extension) -> String {
    let arguments: Vec<_> = [("map", &extension.map), ("schema", &extension.schema), ("version", &extension.version)]
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key}: {}", escape(value.as_ref()?))))
        .collect();
    format!("{}{}", extension.name, parentheses(&arguments))
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => escape(text),
        Literal::Number(text) | Literal::EnumValue(text) => text.clone(),
        Literal::Boolean(value) => value.to_string(),
    }
}

fn default_value(default: &DefaultValue) -> String {
    match default {
        DefaultValue::Literal(value) => literal(value),
        DefaultValue::List(values) => {
            let values: Vec<_> = values.iter().map(literal).collect();
            list(values.iter().map(String::as_str))
        }
        DefaultValue::Function(function) => match function {
            DefaultFunction::Autoincrement => "autoincrement()".to_owned(),
            DefaultFunction::Sequence(options) => {
                let options: Vec<_> = options.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("sequence({})", options.join(", "))
            }
            DefaultFunction::Now => "now()".to_owned(),
            DefaultFunction::Uuid(version) => format!("uuid({version})"),
            DefaultFunction::Cuid(version) => format!("cuid({version})"),
            DefaultFunction::Ulid => "ulid()".to_owned(),
            DefaultFunction::Nanoid(length) => format!("nanoid({length})"),
            DefaultFunction::DbGenerated(Some(sql)) => format!("dbgenerated({})", escape(sql)),
            DefaultFunction::DbGenerated(None) => "dbgenerated()".to_owned(),
            DefaultFunction::Auto => "auto()".to_owned(),
        },
    }
}
