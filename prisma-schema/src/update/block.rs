//! The fields, values and attributes of one block.

use super::Updater;
use crate::Span;
use crate::schema::{BlockText, EntryText, index_text};
use crate::syntax::{Attribute, Block, Entry, EntryKind, Field};

impl Updater<'_> {
    /// Changes what differs between the block and its new text.
    pub(super) fn block(&mut self, block: &Block<'_>, new: &BlockText) {
        let Some(old) = self.old_text(block) else { return };
        self.entries(block, &old, new);
        self.attributes(block, &old, new);
    }

    fn entries(&mut self, block: &Block<'_>, old: &BlockText, new: &BlockText) {
        let line = |entries: &[EntryText], name: &str| entries.iter().find(|e| e.name == name).map(|e| e.line.clone());
        let mut ends = Vec::new();
        for (at, entry) in block.entries.iter().enumerate() {
            let Some(name) = name(entry) else { continue };
            let old = line(&old.entries, name);
            ends.push((name, end(entry)));
            match line(&new.entries, name) {
                Some(line) if old.as_ref() != Some(&line) || loses_shard_key(entry, new) => {
                    self.edits.replace(entry.span, line.trim_end());
                }
                Some(_) => {}
                None => self.remove_entry(block, at),
            }
        }
        // What is new stands behind what stands before it in the new text.
        let mut place = block.open_comments.last().map_or(block.header_span.end, |c| c.span.end);
        for entry in &new.entries {
            match ends.iter().find(|(name, _)| *name == entry.name) {
                Some((_, end)) => place = *end,
                None => self.edits.add_lines(self.text, place, &entry.text()),
            }
        }
    }

    fn attributes(&mut self, block: &Block<'_>, old: &BlockText, new: &BlockText) {
        let there = block.entries.iter().enumerate().filter_map(|(at, e)| match &e.kind {
            EntryKind::Attribute(attribute) => Some((at, e, self.old_line(block, attribute, old))),
            _ => None,
        });
        let there: Vec<_> = there.collect();
        // Where each of the new ones stands, if it is there: those that say the same first.
        let mut places: Vec<_> = new.attributes.iter().map(|line| self.place_on_field(block, line, old, new)).collect();
        let mut gone = Vec::new();
        for (at, entry, line) in &there {
            let is_same = |(place, new): (usize, &String)| places[place].is_none() && line.as_ref() == Some(new);
            match new.attributes.iter().enumerate().position(is_same) {
                Some(place) => places[place] = Some(end(entry)),
                None => gone.push((*at, *entry, line)),
            }
        }
        for (at, entry, line) in gone {
            // One that says something else of the same fields takes its place.
            let subject = |line: &str| line.split_once(']').map(|(subject, _)| subject.to_owned());
            let this = line.as_deref().and_then(subject);
            let has_subject = |(place, new): (usize, &String)| places[place].is_none() && subject(new) == this;
            match new.attributes.iter().enumerate().position(has_subject).filter(|_| this.is_some()) {
                Some(place) => {
                    self.edits.replace(entry.span, &new.attributes[place]);
                    places[place] = Some(end(entry));
                }
                None => self.remove_entry(block, at),
            }
        }
        let first = there.first().map(|(_, entry, _)| entry.span.start);
        let mut before = None;
        for (line, place) in new.attributes.iter().zip(places) {
            match (place, before) {
                (Some(place), _) => before = Some(place),
                (None, Some(before)) => self.edits.add_lines(self.text, before, line),
                (None, None) => {
                    let at = first.unwrap_or(block.span.end.saturating_sub(1));
                    self.edits.add_lines_before(self.text, at, &format!("{line}\n"));
                }
            }
        }
    }

    /// Where a field stands, if what the block is to say stands there, as `@shardKey`.
    fn place_on_field(&self, block: &Block<'_>, line: &str, old: &BlockText, new: &BlockText) -> Option<u32> {
        let is_kept = |name: &str| {
            let line = |text: &BlockText| text.entries.iter().find(|e| e.name == name).map(|e| e.line.clone());
            line(old) == line(new)
        };
        let field = block.fields().find(|f| f.attribute(SHARD_KEY).is_some())?;
        (line == shard_key_of(field) && is_kept(field.name.text)).then_some(field.span.end)
    }

    /// An attribute as the old schema would write it.
    fn old_line(&self, block: &Block<'_>, attribute: &Attribute<'_>, old: &BlockText) -> Option<String> {
        let index = self.old_model(block).and_then(|m| m.indexes().find(|i| i.data().span == attribute.span));
        index.map(index_text).or_else(|| {
            let name = format!("@@{}", attribute.name);
            old.attributes.iter().find(|a| a.split('(').next() == Some(&name)).cloned()
        })
    }

    /// Takes an entry away, with its documentation and what stands behind it on its line.
    fn remove_entry(&mut self, block: &Block<'_>, at: usize) {
        let Some(entry) = block.entries.get(at) else { return };
        let comments = block.entries[..at].iter().rev().map_while(|e| match &e.kind {
            EntryKind::Comment(comment) => Some(comment),
            _ => None,
        });
        self.remove_documentation(comments, entry.span);
        self.edits.remove(self.text, Span { end: end(entry), ..entry.span });
    }
}

/// The one attribute of the block that may stand on a field and is not in its line then.
const SHARD_KEY: &str = "shardKey";

fn shard_key_of(field: &Field<'_>) -> String {
    format!("@@{SHARD_KEY}([{}])", field.name.text)
}

fn loses_shard_key(entry: &Entry<'_>, new: &BlockText) -> bool {
    match &entry.kind {
        EntryKind::Field(field) => {
            field.attribute(SHARD_KEY).is_some() && !new.attributes.contains(&shard_key_of(field))
        }
        _ => false,
    }
}

/// The name of a field or value.
fn name<'t>(entry: &Entry<'t>) -> Option<&'t str> {
    match &entry.kind {
        EntryKind::Field(field) => Some(field.name.text),
        EntryKind::EnumValue(value) => Some(value.name.text),
        _ => None,
    }
}

/// Where an entry ends, with what stands behind it on its line.
fn end(entry: &Entry<'_>) -> u32 {
    entry.trailing.last().map_or(entry.span.end, |c| c.span.end)
}
