//! The sane part of a schema with errors, so that code can be generated for it: what has errors is left out.

use std::ops::Range;

use prisma_schema::diagnostics::{Diagnostic, Diagnostics};
use prisma_schema::syntax::{self, Block, BlockKind, EntryKind, Item};
use prisma_schema::{Schema, SourceFile, SourceId};

/// A schema of what remains once everything with errors is left out: the attribute, or else the line, or else the block.
pub(crate) fn sane_part(errors: &Diagnostics) -> Option<Schema> {
    let mut sources = errors.sources.clone();
    let mut errors = errors.clone();
    // What is left out can make something else wrong in turn; that this takes so many rounds is not to be expected.
    for _ in 0..16 {
        for error in errors.errors() {
            blank(&mut sources, error);
        }
        match prisma_schema::parse(sources.clone()) {
            Ok(validated) => return Some(validated.schema),
            Err(more) => errors = more,
        }
    }
    None
}

/// Writes spaces over the smallest whole that the error lies in, so that all other places stay.
fn blank(sources: &mut [SourceFile], error: &Diagnostic) {
    let Some(source) = sources.get_mut(error.span.source.0 as usize) else { return };
    let range = smallest(source, error.span.source, error.span.start as usize, error.span.end as usize);
    let blanks = |text: &str| -> String { text.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect() };
    if let Some(part) = source.text.get(range.clone()) {
        let blank = blanks(part);
        source.text.replace_range(range, &blank);
    }
}

fn smallest(source: &SourceFile, id: SourceId, start: usize, end: usize) -> Range<usize> {
    let within = |span: prisma_schema::Span| span.start as usize <= start && end <= span.end as usize;
    let bytes = |span: prisma_schema::Span| span.start as usize..span.end as usize;
    let (file, _) = syntax::parse(source, id);
    let block = file.items.iter().find_map(|item| match item {
        Item::Block(block) if within(block.span) => Some(block),
        _ => None,
    });
    let Some(block) = block else { return lines(&source.text, start, end) };
    let Some(entry) = block.entries.iter().find(|entry| within(entry.span)) else {
        return if within_header(block, start) { bytes(block.span) } else { lines(&source.text, start, end) };
    };
    let attributes = match &entry.kind {
        EntryKind::Field(field) => field.attributes.as_slice(),
        EntryKind::EnumValue(value) => value.attributes.as_slice(),
        _ => &[],
    };
    match attributes.iter().find(|attribute| within(attribute.span)) {
        Some(attribute) => bytes(attribute.span),
        None if block.kind == BlockKind::Datasource => bytes(block.span),
        None => bytes(entry.span),
    }
}

fn within_header(block: &Block<'_>, start: usize) -> bool {
    start <= block.header_span.end as usize
}

/// The whole lines of a part of the text.
fn lines(text: &str, start: usize, end: usize) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (floor(start), floor(end));
    let first = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let last = text[end..].find('\n').map_or(text.len(), |i| end + i);
    first..last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(text: &str) -> Vec<String> {
        let errors = prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]).unwrap_err();
        let schema = sane_part(&errors).expect("something is sane");
        let field = |f: prisma_schema::FieldWalker<'_>| format!("{}.{}", f.model().name(), f.name());
        schema.walk_models().flat_map(|m| m.fields().map(field).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn a_wrong_attribute_leaves_its_field() {
        assert_eq!(repaired("model A {\n  id Int @id\n  b String @uniqe\n}\n"), ["A.id", "A.b"]);
    }

    #[test]
    fn a_wrong_type_leaves_out_its_field_alone() {
        assert_eq!(repaired("model A {\n  id Int @id\n  b Strng\n}\nmodel B {\n  id Int @id\n}\n"), ["A.id", "B.id"]);
    }

    #[test]
    fn a_relation_without_its_other_end() {
        let text = "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n}\n";
        assert_eq!(repaired(text), ["A.id", "B.id"]);
    }
}
