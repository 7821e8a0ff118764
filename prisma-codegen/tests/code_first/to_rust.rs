//! A schema as the Rust program that says the same.

use std::fmt::Write;

use prisma_schema::{
    Arity, DefaultFunction, DefaultValue, Field, FieldKind, FieldWalker, IndexKind, IndexWalker, Link, Literal,
    ModelWalker, RelationWalker, RenamedFrom, ScalarType, Schema, SettingValue, StringOrEnv,
};

/// Structs, enums and `client!`.
pub(crate) fn to_rust(schema: &Schema) -> String {
    let mut out = String::new();
    for data in &schema.enums {
        documentation(&mut out, data.documentation.as_deref());
        out += "#[derive(Enum)]\n";
        out += &prisma(&names(data.map.as_deref(), data.schema.as_deref(), data.renamed_from.as_ref()));
        let _ = writeln!(out, "pub enum {} {{", ident(&data.name));
        for value in &data.values {
            documentation(&mut out, value.documentation.as_deref());
            out += &prisma(&names(value.map.as_deref(), None, value.renamed_from.as_ref()));
            let _ = writeln!(out, "{},", ident(&value.name));
        }
        out += "}\n";
    }
    for model in schema.walk_models() {
        struct_of_model(&mut out, schema, model);
    }
    for data in &schema.composites {
        documentation(&mut out, data.documentation.as_deref());
        let _ = writeln!(out, "#[derive(Model)]\n#[prisma(composite)]\npub struct {} {{", ident(&data.name));
        for field in &data.fields {
            documentation(&mut out, field.documentation.as_deref());
            out += &prisma(&column_arguments(schema, field));
            let _ = writeln!(out, "pub {}: {},", ident(&field.name), rust_type(schema, field));
        }
        out += "}\n";
    }
    client(&mut out, schema);
    out
}

fn client(out: &mut String, schema: &Schema) {
    let data = &schema.datasource;
    let mut entries = vec![format!("provider = {:?}", data.provider.name())];
    let urls =
        [("url", &data.url), ("direct_url", &data.direct_url), ("shadow_database_url", &data.shadow_database_url)];
    entries.extend(urls.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", text(value.as_ref()?)))));
    entries.push(format!("relation_mode = {:?}", data.relation_mode.name()));
    if !data.schemas.is_empty() {
        entries.push(format!("schemas = {:?}", data.schemas));
    }
    if !data.extensions.is_empty() {
        let extensions = data.extensions.iter().map(|e| {
            let arguments = [("map", &e.map), ("schema", &e.schema), ("version", &e.version)];
            let arguments = arguments.into_iter().filter_map(|(k, v)| Some(format!("{k} = {:?}", v.as_ref()?)));
            format!("{}({})", e.name, arguments.collect::<Vec<_>>().join(", "))
        });
        entries.push(format!("extensions = [{}]", extensions.collect::<Vec<_>>().join(", ")));
    }
    let mut generators = Vec::new();
    for generator in &schema.generators {
        let only_features = generator.settings.is_empty() && generator.name == "client";
        if only_features && generator.provider == StringOrEnv::Literal("prisma-client".to_owned()) {
            entries.push(format!("preview_features = {:?}", generator.preview_features));
            continue;
        }
        let mut properties = vec![format!("provider = {}", text(&generator.provider))];
        if !generator.preview_features.is_empty() {
            properties.push(format!("preview_features = {:?}", generator.preview_features));
        }
        properties.extend(generator.settings.iter().map(|(key, value)| format!("{key} = {}", setting(value))));
        generators.push(format!("{}({})", generator.name, properties.join(", ")));
    }
    entries.push(format!("generators = [{}]", generators.join(", ")));
    let list = |names: Vec<&String>| names.into_iter().map(|n| ident(n)).collect::<Vec<_>>().join(", ");
    entries.push(format!("models = [{}]", list(schema.models.iter().map(|m| &m.name).collect())));
    entries.push(format!("enums = [{}]", list(schema.enums.iter().map(|e| &e.name).collect())));
    entries.push(format!("types = [{}]", list(schema.composites.iter().map(|c| &c.name).collect())));
    let _ = writeln!(out, "client! {{\npub struct PrismaClient {{\n{}\n}}\n}}", entries.join(",\n"));
}

fn text(value: &StringOrEnv) -> String {
    match value {
        StringOrEnv::Literal(text) => format!("{text:?}"),
        StringOrEnv::Env(variable) => format!("env({variable:?})"),
    }
}

fn setting(value: &SettingValue) -> String {
    match value {
        SettingValue::Text(value) => text(value),
        SettingValue::Word(word) => word.clone(),
        SettingValue::List(values) => format!("[{}]", values.iter().map(setting).collect::<Vec<_>>().join(", ")),
    }
}

fn ident(name: &str) -> String {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => name.to_owned(),
        Err(_) => format!("r#{name}"),
    }
}

fn documentation(out: &mut String, text: Option<&str>) {
    for line in text.iter().flat_map(|t| t.split('\n')) {
        let _ = writeln!(out, "#[doc = {:?}]", format!(" {line}"));
    }
}

/// `#[prisma(…)]`, unless there is nothing to say.
fn prisma(arguments: &[String]) -> String {
    if arguments.is_empty() { String::new() } else { format!("#[prisma({})]\n", arguments.join(", ")) }
}

fn names(map: Option<&str>, schema: Option<&str>, renamed_from: Option<&RenamedFrom>) -> Vec<String> {
    let names = [("map", map), ("schema", schema)];
    let names = names.into_iter().filter_map(|(key, name)| Some(format!("{key} = {:?}", name?)));
    let renamed = renamed_from.map(|r| match &r.map {
        Some(map) => format!("renamed_from({:?}, map = {map:?})", r.name),
        None => format!("renamed_from = {:?}", r.name),
    });
    names.chain(renamed).collect()
}

fn struct_of_model(out: &mut String, schema: &Schema, model: ModelWalker<'_>) {
    let data = model.data();
    documentation(out, data.documentation.as_deref());
    let mut arguments = names(data.map.as_deref(), data.schema.as_deref(), data.renamed_from.as_ref());
    arguments.extend(data.is_view.then(|| "view".to_owned()));
    arguments.extend(data.is_ignored.then(|| "ignore".to_owned()));
    arguments.extend(model.indexes().filter(|i| !i.data().on_field).map(key));
    if !data.shard_key.is_empty() {
        arguments.push(format!("shard_key({})", field_names(model, &data.shard_key)));
    }
    *out += "#[derive(Model)]\n";
    *out += &prisma(&arguments);
    let is_hidden = |f: &FieldWalker<'_>| !data.is_ignored && !f.is_in_client();
    let parameters = model.fields().filter(|f| f.relation_field().is_some() && !is_hidden(f));
    let parameters: Vec<_> = parameters.enumerate().map(|(i, f)| (f.id(), format!("R{i}"))).collect();
    let list: Vec<_> = parameters.iter().map(|(_, name)| format!("{name} = NotIncluded")).collect();
    let list = if list.is_empty() { String::new() } else { format!("<{}>", list.join(", ")) };
    let _ = writeln!(out, "pub struct {}{list} {{", ident(&data.name));
    for field in model.fields() {
        documentation(out, field.data().documentation.as_deref());
        let mut arguments: Vec<_> = model.indexes().filter(|i| i.is_on_field(field.id())).map(key).collect();
        arguments.extend(column_arguments(schema, field.data()));
        arguments.extend(relation(field));
        let hides_relation = field.relation_field().is_some() && is_hidden(&field);
        arguments.extend((field.data().is_ignored || hides_relation).then(|| "ignore".to_owned()));
        *out += &prisma(&arguments);
        let ty = match parameters.iter().find(|(id, _)| *id == field.id()) {
            Some((_, parameter)) => parameter.clone(),
            None if is_hidden(&field) => format!("PhantomData<{}>", rust_type(schema, field.data())),
            None => rust_type(schema, field.data()),
        };
        let _ = writeln!(out, "pub {}: {ty},", ident(field.name()));
    }
    *out += "}\n";
}

fn rust_type(schema: &Schema, field: &Field) -> String {
    let name = match &field.kind {
        FieldKind::Relation(_) => return "()".to_owned(),
        FieldKind::Composite(id) => ident(&schema.composites[id.0 as usize].name),
        FieldKind::Scalar(scalar) => {
            let native = scalar.native_type.as_ref().map(|n| n.name.as_str());
            match (&scalar.ty, native) {
                (ScalarType::String, Some("Uuid")) => "uuid::Uuid".to_owned(),
                (ScalarType::String, _) => "String".to_owned(),
                (ScalarType::Boolean, _) => "bool".to_owned(),
                (ScalarType::Int, _) => "i32".to_owned(),
                (ScalarType::BigInt, _) => "i64".to_owned(),
                (ScalarType::Float, _) => "f64".to_owned(),
                (ScalarType::Decimal, _) => "BigDecimal".to_owned(),
                (ScalarType::DateTime, Some("Date")) => "chrono::NaiveDate".to_owned(),
                (ScalarType::DateTime, Some("Time" | "Timetz")) => "NaiveTime".to_owned(),
                (ScalarType::DateTime, _) => "DateTime<Utc>".to_owned(),
                (ScalarType::Json, _) => "serde_json::Value".to_owned(),
                (ScalarType::Bytes, _) => "Vec<u8>".to_owned(),
                (ScalarType::Enum(id), _) => ident(&schema.enums[id.0 as usize].name),
                (ScalarType::Unsupported(_), _) => "()".to_owned(),
            }
        }
    };
    match field.arity {
        Arity::Required => name,
        Arity::Optional => format!("Option<{name}>"),
        Arity::List => format!("Vec<{name}>"),
    }
}

/// `default`, `updated_at`, `map`, `unsupported` and the native type.
fn column_arguments(schema: &Schema, field: &Field) -> Vec<String> {
    let mut arguments = names(field.map.as_deref(), None, field.renamed_from.as_ref());
    let FieldKind::Scalar(scalar) = &field.kind else { return arguments };
    if let ScalarType::Unsupported(text) = &scalar.ty {
        arguments.push(format!("unsupported({text:?})"));
    }
    if let Some(value) = &scalar.default {
        let map = scalar.default_map.as_ref().map(|m| format!(", map = {m:?}")).unwrap_or_default();
        arguments.push(format!("default({}{map})", default_value(schema, &scalar.ty, value)));
    }
    arguments.extend(scalar.is_updated_at.then(|| "updated_at".to_owned()));
    if let Some(native) = &scalar.native_type {
        // These are said by the Rust type.
        let is_implied = native.args.is_empty()
            && matches!(
                (&scalar.ty, native.name.as_str()),
                (ScalarType::String, "Uuid") | (ScalarType::DateTime, "Date" | "Time")
            );
        arguments.extend((!is_implied).then(|| format!("db({})", native.display())));
    }
    arguments
}

fn default_value(schema: &Schema, ty: &ScalarType, value: &DefaultValue) -> String {
    let literal = |literal: &Literal| match (literal, ty) {
        (Literal::String(text), _) => format!("{text:?}"),
        (Literal::Number(text), _) => text.clone(),
        (Literal::Boolean(value), _) => value.to_string(),
        (Literal::EnumValue(name), ScalarType::Enum(id)) => {
            format!("{}::{}", ident(&schema.enums[id.0 as usize].name), ident(name))
        }
        (Literal::EnumValue(name), _) => name.clone(),
    };
    match value {
        DefaultValue::Literal(value) => literal(value),
        DefaultValue::List(values) => format!("[{}]", values.iter().map(literal).collect::<Vec<_>>().join(", ")),
        DefaultValue::Function(function) => {
            let arguments = match function {
                DefaultFunction::Uuid(n) | DefaultFunction::Cuid(n) | DefaultFunction::Nanoid(n) => n.to_string(),
                DefaultFunction::DbGenerated(Some(sql)) => format!("{sql:?}"),
                DefaultFunction::Sequence(options) => {
                    let snake = |key: &str| key.replace("minValue", "min_value").replace("maxValue", "max_value");
                    let options = options.iter().map(|(key, value)| format!("{} = {value}", snake(key)));
                    options.collect::<Vec<_>>().join(", ")
                }
                _ => String::new(),
            };
            format!("{}({arguments})", function.name())
        }
    }
}

fn field_names(model: ModelWalker<'_>, fields: &[prisma_schema::FieldId]) -> String {
    fields.iter().map(|f| ident(model.field(*f).name())).collect::<Vec<_>>().join(", ")
}

/// A key or index: `unique`, or `unique(a, b(sort = Desc), map = "…")`.
fn key(index: IndexWalker<'_>) -> String {
    let data = index.data();
    let name = match data.kind {
        IndexKind::PrimaryKey => "id",
        IndexKind::Unique => "unique",
        IndexKind::Normal => "index",
        IndexKind::Fulltext => "fulltext",
    };
    let mut arguments = Vec::new();
    for part in &data.fields {
        let field = index.model().field(part.field);
        let path = field.composite_path(&part.path).into_iter().map(|f| format!(".{}", ident(&f.name)));
        let mut own = Vec::new();
        own.extend(part.sort.map(|s| format!("sort = {s:?}")));
        own.extend(part.length.map(|l| format!("length = {l}")));
        own.extend(part.operator_class.as_ref().map(|o| format!("ops = {o}")));
        if data.on_field {
            arguments.extend(own);
        } else {
            let own = if own.is_empty() { String::new() } else { format!("({})", own.join(", ")) };
            arguments.push(format!("{}{}{own}", ident(field.name()), path.collect::<String>()));
        }
    }
    arguments.extend(data.name.as_ref().map(|n| format!("name = {n:?}")));
    arguments.extend(data.map.as_ref().map(|m| format!("map = {m:?}")));
    arguments.extend(data.algorithm.as_ref().map(|a| format!("type = {a}")));
    arguments.extend(data.clustered.map(|c| format!("clustered = {c}")));
    arguments.extend(data.predicate.as_ref().map(|p| format!("where = raw({p:?})")));
    if arguments.is_empty() { name.to_owned() } else { format!("{name}({})", arguments.join(", ")) }
}

fn relation(field: FieldWalker<'_>) -> Option<String> {
    let relation = field.relation()?;
    let (model, related, opposite) = (field.model(), field.related_model()?, field.opposite()?);
    let back = format!("{}::{}", ident(related.name()), ident(opposite.name()));
    let mut arguments = Vec::new();
    let is_many = field.arity() == Arity::List;
    match field.link() {
        Some(Link::Owning { fields, references, key }) => {
            arguments.push(format!("one({})", ident(related.name())));
            let is_implied = fields.iter().any(|f| model.field(*f).arity() == Arity::Optional);
            arguments.extend((field.arity() == Arity::Optional && !is_implied).then(|| "optional".to_owned()));
            arguments.push(format!("fields({})", field_names(model, fields)));
            arguments.push(format!("references({})", field_names(related, references)));
            arguments.extend(key.on_delete.map(|a| format!("on_delete = {}", a.name())));
            arguments.extend(key.on_update.map(|a| format!("on_update = {}", a.name())));
            arguments.extend(key.map.as_ref().map(|m| format!("map = {m:?}")));
        }
        _ => arguments.push(format!("{}({back})", if is_many { "many" } else { "one" })),
    }
    if let Some((own, _)) = field.key_lists() {
        arguments.push(format!("fields({})", field_names(model, &[own.keys])));
        arguments.push(format!("references({})", field_names(related, &[own.references])));
    }
    arguments.extend(needs_name(relation, model, related).then(|| format!("name = {:?}", relation.name())));
    Some(format!("relation({})", arguments.join(", ")))
}

/// A name is made where one is needed, and is another one than that of the schema language.
fn needs_name(relation: RelationWalker<'_>, one: ModelWalker<'_>, other: ModelWalker<'_>) -> bool {
    let between = |from: ModelWalker<'_>, to: ModelWalker<'_>| {
        from.fields().filter(|f| f.related_model().is_some_and(|m| m.id() == to.id())).count()
    };
    let (a, b) = if one.name() <= other.name() { (one.name(), other.name()) } else { (other.name(), one.name()) };
    relation.name() != format!("{a}To{b}")
        || one.id() == other.id()
        || between(one, other) > 1
        || between(other, one) > 1
}
