//! The two ends of each relation find each other.

use std::collections::HashMap;

use super::{Lacking, RelationEnd, Resolver};
use crate::diagnostics::Diagnostic;
use crate::{Arity, FieldKind, ForeignKey, JoinTable, KeyList, KeyLists, ModelId, Relation, RelationId, RelationKind};

/// Ends that could belong together: the same two models, the same name. An end without a name has the one that is
/// made for it, unless the model relates to itself.
type Key = (ModelId, ModelId, String);

impl<'t> Resolver<'t> {
    pub(super) fn pair_ends(&mut self) {
        let mut groups: HashMap<Key, Vec<usize>> = HashMap::with_capacity(self.tree.ends.len());
        let mut order = Vec::new();
        for (i, end) in self.tree.ends.iter().enumerate() {
            let key = (end.model.min(end.related_model), end.model.max(end.related_model), self.relation_name(end));
            let group = groups.entry(key.clone()).or_default();
            if group.is_empty() {
                order.push(key);
            }
            group.push(i);
        }
        for key in order {
            let Some(group) = groups.get(&key) else {
                continue;
            };
            if key.0 == key.1 {
                self.pair_self_relation(&key, group);
            } else {
                self.pair(&key, group);
            }
        }
    }

    fn describe(&self, end: &RelationEnd<'_>) -> String {
        format!("`{}` of `{}`", end.syntax.name.text, self.model_name(end.model))
    }

    fn model_name(&self, model: ModelId) -> &str {
        &self.schema.models[model.0 as usize].name
    }

    fn break_ends(&mut self, group: &[usize]) {
        for i in group {
            self.tree.ends[*i].is_broken = true;
        }
    }

    fn pair(&mut self, key: &Key, group: &[usize]) {
        let (first, second): (Vec<usize>, Vec<usize>) = group.iter().partition(|i| self.tree.ends[**i].model == key.0);
        let mut ambiguous = false;
        for side in [&first, &second] {
            if let [one, another, ..] = side[..] {
                self.ambiguous(one, another);
                ambiguous = true;
            }
        }
        if ambiguous {
            return self.break_ends(group);
        }
        match (first[..].first(), second[..].first()) {
            (Some(a), Some(b)) => {
                let (a, b) = if a < b { (*a, *b) } else { (*b, *a) };
                self.relate(a, b);
            }
            (Some(i), None) | (None, Some(i)) => self.missing_opposite(*i),
            (None, None) => {}
        }
    }

    fn ambiguous(&mut self, one: usize, another: usize) {
        let (a, b) = (&self.tree.ends[one], &self.tree.ends[another]);
        let (model, related) = (self.model_name(a.model), self.model_name(a.related_model));
        let fields = format!("`{}` and `{}` of `{model}`", a.syntax.name.text, b.syntax.name.text);
        let span = a.syntax.span;
        let error = match a.name.and(b.name) {
            None => Diagnostic::error(
                span,
                format!(
                    "the fields {fields} both relate to `{related}`: which belongs to which field there is unclear"
                ),
            )
            .with_help("give each relation a name, the same at both ends: `@relation(\"name\")`"),
            Some(name) => Diagnostic::error(span, format!("the fields {fields} have the same relation name, `{name}`"))
                .with_help("give each relation a name of its own"),
        };
        self.sink.push(error);
    }

    fn pair_self_relation(&mut self, key: &Key, group: &[usize]) {
        let model = self.model_name(key.0).to_owned();
        let names: Vec<_> = group.iter().map(|i| self.tree.ends[*i].syntax.name.text).collect();
        let list = super::arguments::quoted_list(names.iter().copied());
        let name = group.first().and_then(|i| self.tree.ends[*i].name);
        match (group, name) {
            ([one], _) => self.missing_opposite(*one),
            ([a, b], Some(_)) => self.relate(*a, *b),
            ([first, ..], name) => {
                let span = self.tree.ends[*first].syntax.span;
                let error = match name {
                    None => Diagnostic::error(
                        span,
                        format!("the fields {list} all relate `{model}` to itself, without a name"),
                    )
                    .with_help("give the two ends of each relation the same name: `@relation(\"name\")`"),
                    Some(name) => Diagnostic::error(
                        span,
                        format!("the fields {list} of `{model}` have the same relation name, `{name}`"),
                    )
                    .with_help("a relation has two ends: give each a name of its own"),
                };
                self.sink.push(error);
                self.break_ends(group);
            }
            ([], _) => {}
        }
    }

    fn missing_opposite(&mut self, i: usize) {
        if !self.tree.ends[i].is_broken {
            self.lacking.push(Lacking::Opposite(i));
        }
        // The other end may be what could not be read.
        if self.tree.has_unread_fields(self.tree.ends[i].related_model) {
            return self.break_ends(&[i]);
        }
        let end = &self.tree.ends[i];
        let related = self.model_name(end.related_model);
        let message = format!("the relation {} has no field at the other end, in `{related}`", self.describe(end));
        let type_name = self.model_name(end.model);
        let modifier = match (end.syntax.arity, &end.fields) {
            (Arity::List, _) => "",
            _ => "[]",
        };
        let name = match end.name {
            Some(name) => format!(" @relation({})", crate::syntax::escape(name)),
            None => String::new(),
        };
        let help = format!(
            "add a field to `{related}`, such as `{} {type_name}{modifier}{name}`, or run `prisma format`",
            lower_first(type_name)
        );
        let error = Diagnostic::error(end.syntax.span, message).with_help(help);
        self.sink.push(error);
        self.break_ends(&[i]);
    }

    /// Two ends make a relation; `a` stands first in the text.
    fn relate(&mut self, a: usize, b: usize) {
        if self.tree.ends[a].is_broken || self.tree.ends[b].is_broken {
            return self.break_ends(&[a, b]);
        }
        let errors = self.sink.len();
        let kind = match (self.tree.ends[a].is_list(), self.tree.ends[b].is_list()) {
            (true, true) => self.many_to_many(a, b),
            (true, false) => self.one_to_many(b, a),
            (false, true) => self.one_to_many(a, b),
            (false, false) => self.one_to_one(a, b),
        };
        let Some(kind) = kind.filter(|_| self.sink.len() == errors) else {
            return self.break_ends(&[a, b]);
        };
        let id = RelationId(self.schema.relations.len() as u32);
        let name = self.relation_name(&self.tree.ends[a]);
        self.schema.relations.push(Relation { name, kind });
        for (this, other) in [(a, b), (b, a)] {
            let (model, field) = (self.tree.ends[this].model, self.tree.ends[this].field);
            let opposite = self.tree.ends[other].field;
            if let FieldKind::Relation(relation) =
                &mut self.schema.models[model.0 as usize].fields[field.0 as usize].kind
            {
                relation.relation = id;
                relation.opposite = opposite;
            }
        }
    }

    /// The name of the relation that an end belongs to.
    fn relation_name(&self, end: &RelationEnd<'_>) -> String {
        if let Some(name) = end.name {
            return name.to_owned();
        }
        crate::default_relation_name(self.model_name(end.model), self.model_name(end.related_model))
    }

    // ------------------------------------------------------------------ foreign keys

    /// The end `forward` holds the key; `back` says nothing but the relation's name.
    fn foreign_key(&mut self, forward: usize, back: usize, is_one_to_one: bool) -> Option<RelationKind> {
        let (forward, back) = (&self.tree.ends[forward], &self.tree.ends[back]);
        Some(RelationKind::ForeignKey(ForeignKey {
            model: forward.model,
            field: forward.field,
            referenced_model: back.model,
            referenced_field: back.field,
            fields: forward.fields.clone()?,
            references: forward.references.clone()?,
            on_delete: forward.on_delete,
            on_update: forward.on_update,
            map: forward.map.clone(),
            is_one_to_one,
        }))
    }

    fn one_to_many(&mut self, forward: usize, back: usize) -> Option<RelationKind> {
        let (one, many) = (self.tree.ends[forward].clone(), self.tree.ends[back].clone());
        let what = match (&one.fields, &one.references) {
            (None, None) => Some("neither `fields` nor `references`"),
            (None, _) => Some("no `fields`"),
            (_, None) => Some("no `references`"),
            _ => None,
        };
        if let Some(what) = what {
            let error = Diagnostic::error(one.span(), format!("the relation {} has {what}", self.describe(&one)));
            self.sink.push(
                error.with_help("write `@relation(fields: [foreignKey], references: [id])`, or run `prisma format`"),
            );
        }
        if one.fields.is_none() || one.references.is_none() {
            self.lacking.push(Lacking::ForeignKey { end: forward, is_unique: false });
        }
        if many.fields.is_some() || many.references.is_some() {
            let message =
                format!("`fields` and `references` stand on the wrong end of the relation, {}", self.describe(&many));
            let error = Diagnostic::error(many.span(), message);
            self.sink.push(error.with_help(format!("the list holds no key: move them to {}", self.describe(&one))));
        }
        if many.on_delete.is_some() || many.on_update.is_some() {
            self.actions_on_wrong_end(&many, &one);
        }
        self.foreign_key(forward, back, false)
    }

    fn actions_on_wrong_end(&mut self, wrong: &RelationEnd<'_>, right: &RelationEnd<'_>) {
        let message =
            format!("`onDelete` or `onUpdate` stands on the wrong end of the relation, {}", self.describe(wrong));
        let error = Diagnostic::error(wrong.span(), message);
        self.sink.push(error.with_help(format!("move it to {}, which holds the key", self.describe(right))));
    }

    fn one_to_one(&mut self, a: usize, b: usize) -> Option<RelationKind> {
        let (first, second) = (self.tree.ends[a].clone(), self.tree.ends[b].clone());
        let both = format!("{} and {}", self.describe(&first), self.describe(&second));
        let on_both = |resolver: &mut Self, message: String, help: &str| {
            for end in [&first, &second] {
                resolver.sink.push(Diagnostic::error(end.span(), message.clone()).with_help(help));
            }
        };
        let example = "write `@relation(fields: [foreignKey], references: [id])` on the end that holds the key";
        for (argument, x, y) in [
            ("fields", first.fields.is_some(), second.fields.is_some()),
            ("references", first.references.is_some(), second.references.is_some()),
        ] {
            match (x, y) {
                (false, false) => {
                    on_both(self, format!("neither {both} has the argument `{argument}` of `@relation`"), example)
                }
                (true, true) => on_both(
                    self,
                    format!("both {both} have the argument `{argument}` of `@relation`"),
                    "one end holds the key: keep it there",
                ),
                _ => {}
            }
        }
        let says_nothing = |end: &RelationEnd<'_>| end.fields.is_none() && end.references.is_none();
        if says_nothing(&first) && says_nothing(&second) {
            // A required end must hold the key; of two that are optional, the first one does.
            let second_holds = second.syntax.arity == Arity::Required && first.syntax.arity != Arity::Required;
            self.lacking.push(Lacking::ForeignKey { end: if second_holds { b } else { a }, is_unique: true });
        }
        let holds = |end: &RelationEnd<'_>| end.fields.is_some();
        if holds(&first) == holds(&second) {
            return None;
        }
        let (forward, back) = if holds(&first) { (a, b) } else { (b, a) };
        let (owner, other) = if holds(&first) { (&first, &second) } else { (&second, &first) };
        if owner.references.is_none() && other.references.is_some() {
            on_both(
                self,
                format!("of {both}, one has `fields` and the other `references`"),
                "both stand on the end that holds the key",
            );
        }
        let has_actions = |end: &RelationEnd<'_>| end.on_delete.is_some() || end.on_update.is_some();
        match (has_actions(owner), has_actions(other)) {
            (true, true) => on_both(
                self,
                format!("both {both} have `onDelete` or `onUpdate`"),
                "keep them on the end that holds the key",
            ),
            (false, true) => self.actions_on_wrong_end(other, owner),
            _ => {}
        }
        if other.syntax.arity == Arity::Required {
            let message = format!(
                "the relation {} is required, but it holds no key: nothing can ensure that there is a record",
                self.describe(other)
            );
            let help = format!("make it optional: `{}?`", self.model_name(other.related_model));
            self.sink.push(Diagnostic::error(other.syntax.span, message).with_help(help));
        }
        self.foreign_key(forward, back, true)
    }

    // ------------------------------------------------------------------ m-n

    fn many_to_many(&mut self, a: usize, b: usize) -> Option<RelationKind> {
        let (first, second) = (self.tree.ends[a].clone(), self.tree.ends[b].clone());
        if self.schema.provider().capabilities().key_lists {
            return self.key_lists(&first, &second);
        }
        for end in [&first, &second] {
            if end.fields.is_some() || end.references.is_some() {
                let message =
                    format!("the relation {} is m-n: it takes neither `fields` nor `references`", self.describe(end));
                // Prisma shows the field, since leaving out the attribute is one remedy among several.
                let error = Diagnostic::error(end.syntax.span, message);
                self.sink.push(
                    error.with_help("leave them out for a table that Prisma makes, or write a model for the table"),
                );
            } else if end.on_delete.is_some() || end.on_update.is_some() {
                let message =
                    format!("the relation {} is m-n: it takes neither `onDelete` nor `onUpdate`", self.describe(end));
                let error = Diagnostic::error(end.span(), message);
                self.sink.push(error.with_help("write a model for the table in between to choose the actions"));
            }
        }
        let (x, y) = match first.model == second.model {
            // By field name if a model relates to itself, else by model name.
            true => (first.syntax.name.text, second.syntax.name.text),
            false => (self.model_name(first.model), self.model_name(second.model)),
        };
        let (a_end, b_end) = if x <= y { (&first, &second) } else { (&second, &first) };
        let table = self.schema.join_table_name(&self.relation_name(&first));
        Some(RelationKind::JoinTable(JoinTable { table, a: (a_end.model, a_end.field), b: (b_end.model, b_end.field) }))
    }

    fn key_lists(&mut self, first: &RelationEnd<'t>, second: &RelationEnd<'t>) -> Option<RelationKind> {
        if [first, second].iter().all(|e| e.fields.is_none() && e.references.is_none()) {
            for end in [first, second] {
                let message = format!(
                    "the relation {} is m-n, which needs a list of keys at both ends on this provider",
                    self.describe(end)
                );
                let error = Diagnostic::error(end.syntax.span, message);
                self.sink.push(error.with_help("add a list field, and `@relation(fields: [keys], references: [id])`"));
            }
            return None;
        }
        let mut lists = Vec::new();
        for end in [first, second] {
            let mut one = |argument: &str, given: &Option<Vec<crate::FieldId>>| match given.as_deref() {
                Some([field]) => Some(*field),
                _ => {
                    let message = format!(
                        "the relation {} is m-n: its `{argument}` must name one scalar field",
                        self.describe(end)
                    );
                    self.sink.push(Diagnostic::error(end.syntax.span, message));
                    None
                }
            };
            let (keys, references) = (one("fields", &end.fields), one("references", &end.references));
            if let (Some(keys), Some(references)) = (keys, references) {
                lists.push(KeyList { model: end.model, field: end.field, keys, references });
            }
        }
        let ends: [KeyList; 2] = lists.try_into().ok()?;
        Some(RelationKind::KeyLists(KeyLists { ends }))
    }
}

/// `blogPost` of `BlogPost`.
pub(crate) fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
