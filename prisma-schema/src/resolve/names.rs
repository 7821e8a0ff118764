//! The names of blocks: valid, and each defined once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{FieldTree, Named, Resolver};
use crate::diagnostics::Diagnostic;
use crate::syntax::{self, Block, BlockKind, Ident};
use crate::{CompositeId, CompositeType, Enum, EnumId, FieldId, Model, ModelId};

/// Names of scalar types, which no block may take.
pub(super) const SCALARS: [&str; 9] =
    ["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes"];

/// Names that the clients of other languages cannot give a type: what clients call themselves, and JavaScript's keywords.
/// Prisma refuses them, so that a schema serves all of them.
const RESERVED: [&str; 47] = [
    "PrismaClient",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Whether no model and no enum may have that name: scalars have it, or the clients of other languages.
pub fn is_reserved(name: &str) -> bool {
    SCALARS.contains(&name) || RESERVED.contains(&name)
}

impl<'t> Resolver<'t> {
    pub(super) fn collect_names(&mut self) {
        for block in self.blocks(&[BlockKind::Model, BlockKind::View, BlockKind::Enum, BlockKind::Type]) {
            self.check_block_name(block);
            if let Some(earlier) = self.names.get(block.name.text) {
                let earlier = self.noun(*earlier);
                self.error(
                    block.name.span,
                    format!(
                        "the {} `{}` has the name of a {earlier} that stands before it",
                        block.kind.noun(),
                        block.name.text
                    ),
                );
                continue;
            }
            let named = match block.kind {
                BlockKind::Enum => self.add_enum(block),
                BlockKind::Type => self.add_composite(block),
                _ => self.add_model(block),
            };
            self.names.insert(block.name.text, named);
        }
    }

    fn noun(&self, named: Named) -> &'static str {
        match named {
            Named::Model(id) => self.tree.model(id).block.kind.noun(),
            Named::Enum(_) => BlockKind::Enum.noun(),
            Named::Composite(_) => BlockKind::Type.noun(),
        }
    }

    fn add_model(&mut self, block: &'t Block<'t>) -> Named {
        let id = ModelId(self.schema.models.len() as u32);
        self.schema.models.push(Model {
            name: block.name.text.to_owned(),
            map: None,
            renamed_from: None,
            schema: None,
            documentation: block.documentation.clone(),
            is_view: block.kind == BlockKind::View,
            is_ignored: block.attribute("ignore").is_some(),
            fields: Vec::new(),
            indexes: Vec::new(),
            shard_key: Vec::new(),
            span: block.span,
            name_span: block.name.span,
        });
        if block.is_broken {
            self.tree.broken_keys.insert(id);
        }
        let tree = self.field_tree(block);
        self.tree.models.push(tree);
        Named::Model(id)
    }

    fn add_composite(&mut self, block: &'t Block<'t>) -> Named {
        let id = CompositeId(self.schema.composites.len() as u32);
        self.schema.composites.push(CompositeType {
            name: block.name.text.to_owned(),
            documentation: block.documentation.clone(),
            fields: Vec::new(),
            span: block.span,
            name_span: block.name.span,
        });
        let tree = self.field_tree(block);
        self.tree.composites.push(tree);
        Named::Composite(id)
    }

    fn add_enum(&mut self, block: &'t Block<'t>) -> Named {
        let id = EnumId(self.schema.enums.len() as u32);
        self.schema.enums.push(Enum {
            name: block.name.text.to_owned(),
            map: None,
            renamed_from: None,
            schema: None,
            documentation: block.documentation.clone(),
            values: Vec::new(),
            span: block.span,
            name_span: block.name.span,
        });
        self.tree.enums.push(block);
        Named::Enum(id)
    }

    /// The fields of a block; of two with the same name, the first.
    fn field_tree(&mut self, block: &'t Block<'t>) -> FieldTree<'t> {
        let mut fields: Vec<&'t syntax::Field<'t>> = Vec::with_capacity(block.entries.len());
        let mut by_name = HashMap::with_capacity(block.entries.len());
        for field in block.fields() {
            self.check_name(&field.name, "field", block);
            let Entry::Vacant(entry) = by_name.entry(field.name.text) else {
                let message = format!(
                    "the {} `{}` has a field `{}` already",
                    block.kind.noun(),
                    block.name.text,
                    field.name.text
                );
                self.error(field.name.span, message);
                continue;
            };
            entry.insert(FieldId(fields.len() as u32));
            fields.push(field);
        }
        FieldTree { block, fields, by_name }
    }

    fn check_block_name(&mut self, block: &Block<'_>) {
        let name = &block.name.text;
        let noun = block.kind.noun();
        if SCALARS.contains(name) {
            self.error(block.name.span, format!("the {noun} `{name}` has the name of a scalar type"));
        } else if RESERVED.contains(name) {
            let error = Diagnostic::error(block.name.span, format!("the {noun} `{name}` has a reserved name"));
            self.sink
                .push(error.with_help(format!("rename it, and keep the name in the database by `@@map(\"{name}\")`")));
        } else {
            self.check_name(&block.name, noun, block);
        }
    }

    /// A name begins with a letter and has no `-`.
    pub(super) fn check_name(&mut self, name: &Ident<'_>, noun: &str, block: &Block<'_>) {
        let text = name.text;
        let what = if text.starts_with(|c: char| c.is_ascii_digit()) {
            "begins with a digit"
        } else if text.starts_with('_') {
            "begins with `_`"
        } else if text.contains('-') {
            "contains `-`"
        } else {
            return;
        };
        let (place, at) = match noun == block.kind.noun() {
            true => (String::new(), "@@map"),
            false => (format!(" of `{}`", block.name.text), "@map"),
        };
        let error = Diagnostic::error(name.span, format!("the name of the {noun} `{text}`{place} {what}"));
        self.sink
            .push(error.with_help(format!("use letters, digits and `_`, and `{at}(\"{text}\")` for the database")));
    }
}
