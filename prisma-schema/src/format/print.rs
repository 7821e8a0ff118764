//! Syntax tree to text.

use super::missing::Additions;
use super::table::Table;
use crate::syntax::{
    Argument, Attribute, Block, Comment, Entry, EntryKind, Expression, ExpressionKind, Field, FieldType, File, Item,
    escape,
};
use crate::{Arity, Span};

/// A file in the one layout.
pub(super) fn file(file: &File<'_>, text: &str, additions: &Additions) -> String {
    let mut printer = Printer { text, additions, out: String::with_capacity(text.len() + text.len() / 8) };
    let mut previous: Option<&Item<'_>> = None;
    for item in &file.items {
        if let Some(previous) = previous {
            let is_behind_block = matches!(previous, Item::Block(_));
            if is_behind_block || printer.has_blank_line(end_of_item(previous), item.span()) {
                printer.out.push('\n');
            }
        }
        match item {
            Item::Comment(comment) => {
                printer.out.push_str(comment.text);
                printer.out.push('\n');
            }
            Item::Block(block) => printer.block(block),
        }
        previous = Some(item);
    }
    printer.out
}

fn end_of_item(item: &Item<'_>) -> Span {
    match item {
        Item::Comment(comment) => comment.span,
        Item::Block(block) => block.trailing.last().map_or(block.span, |c| c.span),
    }
}

fn end_of_entry(entry: &Entry<'_>) -> Span {
    entry.trailing.last().map_or(entry.span, |c| c.span)
}

fn join(comments: &[Comment<'_>]) -> String {
    comments.iter().map(|c| c.text).collect::<Vec<_>>().join(" ")
}

/// An entry with the comments right above it.
struct Group<'a> {
    entries: Vec<&'a Entry<'a>>,
    /// Whether a blank line stands before it.
    blank_before: bool,
}

impl Group<'_> {
    fn is_attribute(&self) -> bool {
        self.entries.last().is_some_and(|e| matches!(e.kind, EntryKind::Attribute(_)))
    }

    fn is_comment(&self) -> bool {
        self.entries.last().is_some_and(|e| matches!(e.kind, EntryKind::Comment(_)))
    }
}

struct Printer<'a> {
    text: &'a str,
    additions: &'a Additions,
    out: String,
}

impl Printer<'_> {
    fn source(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether an empty line stands between two places.
    fn has_blank_line(&self, before: Span, after: Span) -> bool {
        let between = self.text.get(before.end as usize..after.start as usize).unwrap_or_default();
        between.bytes().filter(|b| *b == b'\n').count() > 1
    }

    fn block(&mut self, block: &Block<'_>) {
        self.out.push_str(block.kind.keyword());
        self.out.push(' ');
        self.out.push_str(block.name.text);
        self.out.push_str(" {");
        if !block.open_comments.is_empty() {
            self.out.push(' ');
            self.out.push_str(&join(&block.open_comments));
        }
        self.out.push('\n');
        self.entries(block);
        self.out.push('}');
        if !block.trailing.is_empty() {
            self.out.push(' ');
            self.out.push_str(&join(&block.trailing));
        }
        self.out.push('\n');
    }

    fn entries(&mut self, block: &Block<'_>) {
        let groups = attributes_last(self.groups(block));
        let mut new_fields = self.additions.fields.get(&block.span).map(Vec::as_slice).unwrap_or_default();
        let mut table = Table::default();
        let mut is_first = true;
        let mut seen_attribute = false;
        let last_field = groups.iter().rposition(|g| !g.is_attribute() && !g.is_comment());
        for (i, group) in groups.iter().enumerate() {
            let starts_attributes = group.is_attribute() && !seen_attribute;
            seen_attribute |= group.is_attribute();
            if !is_first && (group.blank_before || starts_attributes) {
                table.flush(&mut self.out);
                self.out.push('\n');
            }
            is_first = false;
            for entry in &group.entries {
                self.entry(entry, &mut table);
            }
            if last_field == Some(i) {
                for field in std::mem::take(&mut new_fields) {
                    table.row(vec![field.name.clone(), field.ty.clone(), field.attributes.clone()], String::new());
                }
            }
        }
        for field in new_fields {
            table.row(vec![field.name.clone(), field.ty.clone(), field.attributes.clone()], String::new());
        }
        table.flush(&mut self.out);
    }

    fn groups<'b>(&self, block: &'b Block<'_>) -> Vec<Group<'b>> {
        let mut groups: Vec<Group<'b>> = Vec::new();
        let mut previous: Option<&Entry<'_>> = None;
        for entry in &block.entries {
            let blank = previous.is_some_and(|p| self.has_blank_line(end_of_entry(p), entry.span));
            match groups.last_mut() {
                Some(group) if group.is_comment() && !blank => group.entries.push(entry),
                _ => groups.push(Group { entries: vec![entry], blank_before: blank }),
            }
            previous = Some(entry);
        }
        groups
    }

    fn entry(&mut self, entry: &Entry<'_>, table: &mut Table) {
        let trailing = join(&entry.trailing);
        if entry.has_inner_comments {
            let mut text = self.source(entry.span).to_owned();
            if !trailing.is_empty() {
                text = format!("{text} {trailing}");
            }
            return table.text(text);
        }
        match &entry.kind {
            EntryKind::Comment(comment) => table.text(comment.text.to_owned()),
            EntryKind::Attribute(attribute) => {
                // Attributes of the block stand in no column.
                let mut text = self.attribute(attribute);
                if !trailing.is_empty() {
                    text = format!("{text} {trailing}");
                }
                table.text(text);
            }
            EntryKind::Field(field) => {
                let cells = vec![field.name.text.to_owned(), field_type(field), self.field_attributes(field)];
                table.row(cells, trailing);
            }
            EntryKind::EnumValue(value) => {
                table.row(vec![value.name.text.to_owned(), self.attributes(&value.attributes)], trailing);
            }
            EntryKind::Property(property) => {
                let value = property.value.as_ref().map(|v| format!(" {}", self.expression(v))).unwrap_or_default();
                table.row(vec![property.name.text.to_owned(), format!("={value}")], trailing);
            }
        }
    }

    fn field_attributes(&self, field: &Field<'_>) -> String {
        let Some(relation) = self.additions.attributes.get(&field.span) else {
            return self.attributes(&field.attributes);
        };
        let mut texts: Vec<_> = field
            .attributes
            .iter()
            .map(|a| if a.name == "relation" { relation.clone() } else { self.attribute(a) })
            .collect();
        if field.attribute("relation").is_none() {
            texts.push(relation.clone());
        }
        texts.join(" ")
    }

    fn attributes(&self, attributes: &[Attribute<'_>]) -> String {
        attributes.iter().map(|a| self.attribute(a)).collect::<Vec<_>>().join(" ")
    }

    fn attribute(&self, attribute: &Attribute<'_>) -> String {
        let mut text = attribute.display_name();
        if let Some(arguments) = &attribute.arguments {
            text.push_str(&self.arguments(arguments));
        }
        text
    }

    fn arguments(&self, arguments: &[Argument<'_>]) -> String {
        render_arguments(arguments, self.text)
    }

    fn expression(&self, expression: &Expression<'_>) -> String {
        render_expression(expression, self.text)
    }
}

fn field_type(field: &Field<'_>) -> String {
    let name = match &field.ty {
        FieldType::Named(name) => name.text.to_owned(),
        FieldType::Unsupported(text, _) => format!("Unsupported({})", escape(text)),
    };
    let modifier = match field.arity {
        Arity::Required => "",
        Arity::Optional => "?",
        Arity::List => "[]",
    };
    name + modifier
}

/// `(name: value, …)`
pub(super) fn render_arguments(arguments: &[Argument<'_>], text: &str) -> String {
    let arguments: Vec<_> = arguments.iter().map(|a| render_argument(a, text)).collect();
    format!("({})", arguments.join(", "))
}

pub(super) fn render_argument(argument: &Argument<'_>, text: &str) -> String {
    let value = argument.value.as_ref().map(|v| render_expression(v, text));
    match (&argument.name, value) {
        (Some(name), Some(value)) => format!("{}: {value}", name.text),
        (Some(name), None) => format!("{}:", name.text),
        (None, value) => value.unwrap_or_default(),
    }
}

fn render_expression(expression: &Expression<'_>, text: &str) -> String {
    match &expression.kind {
        ExpressionKind::String(_) | ExpressionKind::Number(_) | ExpressionKind::Constant(_) => {
            let Span { start, end, .. } = expression.span;
            text.get(start as usize..end as usize).unwrap_or_default().to_owned()
        }
        ExpressionKind::Function(name, arguments) => format!("{}{}", name.text, render_arguments(arguments, text)),
        ExpressionKind::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(|e| render_expression(e, text)).collect();
            format!("[{}]", elements.join(", "))
        }
        ExpressionKind::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(n, v)| format!("{}: {}", n.text, render_expression(v, text))).collect();
            if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
        }
    }
}

/// Attributes of the block stand behind its fields, in the order of the text; each takes the comments above it along.
fn attributes_last(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let Some(last_field) = groups.iter().rposition(|g| !g.is_attribute() && !g.is_comment()) else {
        return groups;
    };
    let mut fields = Vec::with_capacity(groups.len());
    let mut moved = Vec::new();
    let mut tail = Vec::new();
    // A blank line before what moves away keeps apart what stays.
    let mut blank = false;
    for (i, mut group) in groups.into_iter().enumerate() {
        if i > last_field {
            tail.push(group);
        } else if group.is_attribute() {
            blank |= group.blank_before;
            moved.push(group);
        } else {
            group.blank_before |= std::mem::take(&mut blank);
            fields.push(group);
        }
    }
    // Comments below the last field stay with the fields.
    let comments = tail.iter().position(Group::is_attribute).unwrap_or(tail.len());
    let rest = tail.split_off(comments);
    fields.append(&mut tail);
    fields.append(&mut moved);
    fields.extend(rest);
    fields
}
