//! `datasource` and `generator` blocks.

use std::collections::{HashMap, HashSet};

use super::Resolver;
use super::arguments::{self, Arguments, quoted_list};
use crate::diagnostics::Diagnostic;
use crate::suggest::did_you_mean;
use crate::syntax::{Block, BlockKind, Expression, ExpressionKind, Property};
use crate::{Datasource, Extension, Generator, Provider, RelationMode, SettingValue, StringOrEnv};

/// A preview feature that changes what the language allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PreviewFeature {
    /// Where clauses of indexes.
    PartialIndexes,
    /// `extensions` of the datasource.
    PostgresqlExtensions,
    /// `@shardKey` and `@@shardKey`.
    ShardKeys,
    /// `view` blocks.
    Views,
}

impl PreviewFeature {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PartialIndexes => "partialIndexes",
            Self::PostgresqlExtensions => "postgresqlExtensions",
            Self::ShardKeys => "shardKeys",
            Self::Views => "views",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::PartialIndexes, Self::PostgresqlExtensions, Self::ShardKeys, Self::Views]
            .into_iter()
            .find(|f| f.name() == name)
    }
}

/// Names that a generator may list in `previewFeatures`.
const PREVIEW_FEATURES: [&str; 13] = [
    "metrics",
    "nativeDistinct",
    "partialIndexes",
    "postgresqlExtensions",
    "reactNative",
    "relationJoins",
    "schemaEngineDriverAdapters",
    "shardKeys",
    "strictUndefinedChecks",
    "typedSql",
    "views",
    "driverAdapters",
    "queryCompiler",
];

/// A preview feature for full-text search that one provider has.
const FULL_TEXT_SEARCH: &str = "fullTextSearchPostgres";

/// Names that once were preview features, and mean nothing any more.
const FORMER_PREVIEW_FEATURES: [&str; 43] = [
    "aggregateApi",
    "aggregations",
    "atomicNumberOperations",
    "clientExtensions",
    "cockroachdb",
    "connectOrCreate",
    "createMany",
    "dataProxy",
    "deno",
    "distinct",
    "extendedIndexes",
    "extendedWhereUnique",
    "fieldReference",
    "filteredRelationCount",
    "filterJson",
    "fullTextIndex",
    "fullTextSearch",
    "groupBy",
    "improvedQueryRaw",
    "insensitiveFilters",
    "interactiveTransactions",
    "jsonProtocol",
    "microsoftSqlServer",
    "middlewares",
    "mongoDb",
    "mongodb",
    "multiSchema",
    "namedConstraints",
    "nApi",
    "nativeTypes",
    "omitApi",
    "orderByAggregateGroup",
    "orderByNulls",
    "orderByRelation",
    "prismaSchemaFolder",
    "referentialActions",
    "referentialIntegrity",
    "selectRelationCount",
    "sqlServer",
    "tracing",
    "transactionalApi",
    "transactionApi",
    "uncheckedScalarInputs",
];

impl<'t> Resolver<'t> {
    /// The properties of a block by name; of two with the same name, the first.
    fn properties(&mut self, block: &'t Block<'t>) -> HashMap<&'t str, &'t Property<'t>> {
        let mut properties: HashMap<&str, &Property<'_>> = HashMap::new();
        for property in block.properties() {
            let name = property.name.text;
            if property.value.is_none() {
                self.error(property.span, format!("the property `{name}` of {} has no value", describe(block)));
            }
            if properties.contains_key(name) {
                self.error(property.span, format!("the property `{name}` of {} is given twice", describe(block)));
            } else {
                properties.insert(name, property);
            }
        }
        properties
    }

    // ------------------------------------------------------------------ datasource

    pub(super) fn datasource(&mut self) {
        let blocks: Vec<_> = self.blocks(&[BlockKind::Datasource]).collect();
        let Some(&block) = blocks.first() else {
            if self.files.iter().any(|f| f.items.iter().any(|i| matches!(i, crate::syntax::Item::Block(_)))) {
                let warning =
                    Diagnostic::warning(crate::Span::default(), "the schema has no datasource; `sqlite` is assumed");
                self.sink.push(warning.with_help("add `datasource db { provider = \"sqlite\" }`"));
            }
            return;
        };
        self.tree.datasource = Some(block);
        if blocks.len() > 1 {
            for block in &blocks {
                let message = format!("{} is one of {}; a schema has one", describe(block), blocks.len());
                self.error(block.header_span, message);
            }
        }
        let properties = self.properties(block);
        let Some(provider) = self.provider(block, &properties) else {
            return;
        };
        let value = |name: &str| properties.get(name).and_then(|p| p.value.as_ref());
        let datasource = Datasource {
            name: block.name.text.to_owned(),
            provider,
            url: value("url").and_then(|v| self.string_or_env(v)),
            direct_url: value("directUrl").and_then(|v| self.string_or_env(v)),
            shadow_database_url: value("shadowDatabaseUrl").and_then(|v| self.string_or_env(v)),
            relation_mode: self.relation_mode(provider, &properties),
            schemas: value("schemas").map(|v| self.schemas(v)).unwrap_or_default(),
            extensions: value("extensions").map(|v| self.extensions(v)).unwrap_or_default(),
            span: block.span,
        };
        if let (Some(shadow), Some(property)) = (&datasource.shadow_database_url, properties.get("shadowDatabaseUrl")) {
            let same = [("url", &datasource.url), ("directUrl", &datasource.direct_url)]
                .into_iter()
                .find(|(_, url)| url.as_ref() == Some(shadow));
            if let Some((other, _)) = same {
                let error = Diagnostic::error(property.span, format!("`shadowDatabaseUrl` is the same as `{other}`"));
                self.sink
                    .push(error.with_help("the shadow database is emptied at will: give it a database of its own"));
            }
        }
        self.schema.datasource = datasource;
        self.unknown_properties(block, provider);
    }

    fn provider(&mut self, block: &'t Block<'t>, properties: &HashMap<&str, &'t Property<'t>>) -> Option<Provider> {
        let names = Provider::ALL.map(Provider::name);
        let Some(property) = properties.get("provider") else {
            let error = Diagnostic::error(block.header_span, format!("{} has no `provider`", describe(block)));
            self.sink.push(error.with_help(format!("add `provider = \"…\"`, one of {}", quoted_list(names))));
            return None;
        };
        let value = property.value.as_ref()?;
        match &value.kind {
            ExpressionKind::Function(name, _) if name.text == "env" => {
                // Prisma shows the block, since the schema's meaning hangs on the provider.
                let error =
                    Diagnostic::error(block.header_span, format!("the provider of {} is an `env()`", describe(block)));
                self.sink.push(error.with_help("the provider decides what the schema means: write its name"));
                return None;
            }
            ExpressionKind::Array(_) => {
                let error = Diagnostic::error(value.span, format!("the provider of {} is a list", describe(block)));
                self.sink.push(error.with_help("name one provider"));
                return None;
            }
            _ => {}
        }
        let text = arguments::string(value, &mut self.sink)?;
        let provider = Provider::parse(text);
        if provider.is_none() {
            self.sink.push(arguments::unknown(value.span, "provider", text, &names));
        }
        provider
    }

    fn string_or_env(&mut self, value: &'t Expression<'t>) -> Option<StringOrEnv> {
        match &value.kind {
            ExpressionKind::Function(name, args) if name.text == "env" => {
                let mut arguments = Arguments::new("env", args);
                let variable = arguments.positional("name", &mut self.sink);
                arguments.finish(&mut self.sink);
                match variable {
                    Some(variable) => {
                        arguments::string(variable, &mut self.sink).map(|v| StringOrEnv::Env(v.to_owned()))
                    }
                    None => {
                        let error = Diagnostic::error(value.span, "`env` takes the name of an environment variable");
                        self.sink.push(error.with_help("write `env(\"NAME\")`"));
                        None
                    }
                }
            }
            _ => arguments::string(value, &mut self.sink).map(|s| StringOrEnv::Literal(s.to_owned())),
        }
    }

    fn relation_mode(&mut self, provider: Provider, properties: &HashMap<&str, &'t Property<'t>>) -> RelationMode {
        let capabilities = provider.capabilities();
        let default = capabilities.relation_modes[0];
        let (current, old) = (properties.get("relationMode"), properties.get("referentialIntegrity"));
        if let Some(old) = old {
            match current {
                Some(_) => {
                    self.error(old.span, "`referentialIntegrity` is the old name of `relationMode`; both are given")
                }
                None => {
                    let warning =
                        Diagnostic::warning(old.span, "`referentialIntegrity` is the old name of `relationMode`");
                    self.sink.push(warning.with_help("rename it"));
                }
            }
        }
        let Some(value) = current.or(old).and_then(|p| p.value.as_ref()) else {
            return default;
        };
        let Some(text) = arguments::string(value, &mut self.sink) else {
            return default;
        };
        let mode = capabilities.relation_modes.iter().copied().find(|m| m.name() == text);
        if mode.is_none() {
            let names: Vec<_> = capabilities.relation_modes.iter().map(|m| m.name()).collect();
            let error = Diagnostic::error(value.span, format!("`{}` has no relation mode `{text}`", provider.name()));
            let help = did_you_mean(text, names.iter().copied())
                .unwrap_or_else(|| format!("it has {}", quoted_list(names.iter().copied())));
            self.sink.push(error.with_help(help));
        }
        mode.unwrap_or(default)
    }

    fn schemas(&mut self, value: &'t Expression<'t>) -> Vec<String> {
        let elements = arguments::elements(value);
        if elements.is_empty() {
            let error = Diagnostic::error(value.span, "`schemas` is empty");
            self.sink.push(error.with_help("name a schema, or leave `schemas` out"));
        }
        let mut schemas = Vec::new();
        let mut names = HashSet::new();
        for element in elements {
            let Some(name) = arguments::string(element, &mut self.sink) else {
                continue;
            };
            if names.insert(name) {
                schemas.push(name.to_owned());
            } else {
                self.error(element.span, format!("the schema `{name}` is listed twice"));
            }
        }
        schemas
    }

    fn extensions(&mut self, value: &'t Expression<'t>) -> Vec<Extension> {
        let mut extensions = Vec::new();
        let mut names = HashSet::new();
        let mut database_names = HashMap::new();
        for element in arguments::elements(value) {
            let Some(extension) = self.extension(element) else {
                continue;
            };
            let name = &extension.name;
            if !names.insert(name.clone()) {
                self.error(element.span, format!("the extension `{name}` is listed twice"));
                continue;
            }
            let in_database = extension.map.as_ref().unwrap_or(name).clone();
            if let Some(earlier) = database_names.insert(in_database.clone(), name.clone()) {
                let message =
                    format!("the extensions `{earlier}` and `{name}` are both `{in_database}` in the database");
                self.sink.push(Diagnostic::error(element.span, message).with_help("remove one"));
            }
            extensions.push(extension);
        }
        extensions
    }

    /// `name`, or `name(map: "…", schema: "…", version: "…")`.
    fn extension(&mut self, element: &'t Expression<'t>) -> Option<Extension> {
        let (name, span, args) = match &element.kind {
            ExpressionKind::Constant(name) => (*name, element.span, &[][..]),
            ExpressionKind::Function(name, args) => (name.text, name.span, args.as_slice()),
            _ => {
                arguments::constant(element, &mut self.sink);
                return None;
            }
        };
        let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_plain {
            let message = format!(
                "the name of the extension `{name}` must begin with a letter and go on with letters, digits and `_`"
            );
            let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            let plain = plain.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            let help = format!("write `{plain}(map: \"{name}\")`");
            self.sink.push(Diagnostic::error(span, message).with_help(help));
        }
        let owner = format!("extension {name}");
        let mut arguments = Arguments::new(owner.as_str(), args);
        let mut text = |key| {
            let value = arguments.named(key, &mut self.sink)?;
            arguments::non_empty(value, &owner, key, &mut self.sink).map(str::to_owned)
        };
        let (map, schema, version) = (text("map"), text("schema"), text("version"));
        arguments.finish(&mut self.sink);
        Some(Extension { name: name.to_owned(), map, schema, version })
    }

    fn unknown_properties(&mut self, block: &'t Block<'t>, provider: Provider) {
        let capabilities = provider.capabilities();
        let mut known =
            vec!["provider", "url", "directUrl", "shadowDatabaseUrl", "relationMode", "referentialIntegrity"];
        known.extend(capabilities.multiple_schemas.then_some("schemas"));
        known.extend(capabilities.extensions.then_some("extensions"));
        for property in block.properties() {
            let name = property.name.text;
            if known.contains(&name) {
                continue;
            }
            let error = match name {
                "previewFeatures" => {
                    Diagnostic::error(property.span, "preview features do not belong to the datasource")
                        .with_help("move `previewFeatures` to the generator")
                }
                "schemas" | "extensions" => Diagnostic::error(
                    property.span,
                    format!("`{}` does not have the datasource property `{name}`", provider.name()),
                ),
                _ => Diagnostic::error(property.span, format!("a datasource has no property `{name}`"))
                    .with_help_if(did_you_mean(name, known.iter().copied())),
            };
            self.sink.push(error);
        }
    }

    // ------------------------------------------------------------------ generators

    pub(super) fn generators(&mut self) {
        let mut names = HashSet::new();
        for block in self.blocks(&[BlockKind::Generator]) {
            if !names.insert(&block.name.text) {
                let message = format!("{} has the name of one that stands before it", describe(block));
                self.error(block.name.span, message);
                continue;
            }
            let properties = self.properties(block);
            let provider = match properties.get("provider") {
                Some(property) => property.value.as_ref().and_then(|v| self.string_or_env(v)),
                None => {
                    let error = Diagnostic::error(block.header_span, format!("{} has no `provider`", describe(block)));
                    self.sink.push(error.with_help("add `provider = \"…\"`"));
                    None
                }
            };
            let preview_features = properties
                .get("previewFeatures")
                .and_then(|p| p.value.as_ref())
                .map(|v| self.preview_features(v))
                .unwrap_or_default();
            let own = block.properties().filter(|p| !matches!(p.name.text, "provider" | "previewFeatures"));
            let settings =
                own.filter_map(|p| Some((p.name.text.to_owned(), self.setting(p.value.as_ref()?)?))).collect();
            self.schema.generators.push(Generator {
                name: block.name.text.to_owned(),
                provider: provider.unwrap_or_else(|| StringOrEnv::Literal(String::new())),
                preview_features,
                settings,
                span: block.span,
            });
        }
    }

    /// A property that only the generator knows.
    fn setting(&mut self, value: &'t Expression<'t>) -> Option<SettingValue> {
        match &value.kind {
            ExpressionKind::Number(text) | ExpressionKind::Constant(text) => {
                Some(SettingValue::Word((*text).to_owned()))
            }
            ExpressionKind::Array(elements) => {
                Some(SettingValue::List(elements.iter().filter_map(|e| self.setting(e)).collect()))
            }
            _ => self.string_or_env(value).map(SettingValue::Text),
        }
    }

    fn preview_features(&mut self, value: &'t Expression<'t>) -> Vec<String> {
        let search = self.schema.provider().capabilities().full_text_search_preview;
        let mut features = Vec::new();
        for element in arguments::elements(value) {
            let Some(name) = arguments::string(element, &mut self.sink) else {
                continue;
            };
            let known = PREVIEW_FEATURES.contains(&name) || (search && name == FULL_TEXT_SEARCH);
            if FORMER_PREVIEW_FEATURES.contains(&name) {
                let warning = Diagnostic::warning(element.span, format!("`{name}` is no preview feature any more"));
                self.sink.push(warning.with_help("remove it: what it switched on is always there, or gone"));
            } else if !known {
                let names = PREVIEW_FEATURES.iter().copied().chain(search.then_some(FULL_TEXT_SEARCH));
                let help =
                    did_you_mean(name, names.clone()).unwrap_or_else(|| format!("there are {}", quoted_list(names)));
                let error = Diagnostic::error(element.span, format!("there is no preview feature `{name}`"));
                self.sink.push(error.with_help(help));
            }
            self.tree.preview_features.extend(PreviewFeature::parse(name));
            features.push(name.to_owned());
        }
        features
    }
}

fn describe(block: &Block<'_>) -> String {
    format!("the {} `{}`", block.kind.noun(), block.name.text)
}
