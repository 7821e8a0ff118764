//! The text of a schema, changed as little as needed to say something else.

mod block;
mod edits;

use std::collections::HashMap;

use crate::schema::{BlockText, enum_text};
use crate::syntax::{Block, BlockKind, Comment, CommentKind, File, Item};
use crate::{ModelWalker, Schema, SourceFile, SourceId, Span, format_all, syntax};
use edits::Edits;

/// The files of `old`, which was read from them, so that they say what `new` says of models, views and enums, and of the schemas and extensions of the
/// datasource.
///
/// What is the same stays as it is written, in the file where it is: a file in which nothing changes comes back byte for byte, one in which something
/// changes is formatted. What is gone goes with its documentation; other comments stay. New models, views and enums come last: in `file_of_new`, which may
/// be one that is not there yet, or else in the last file.
pub fn update(old: &Schema, new: &Schema, file_of_new: Option<&str>) -> Vec<SourceFile> {
    let texts = Texts::of(new);
    let mut found = Vec::new();
    let mut files = Vec::new();
    let mut is_changed = Vec::new();
    for (at, source) in old.sources.iter().enumerate() {
        let (file, _) = syntax::parse(source, SourceId(u16::try_from(at).unwrap_or(u16::MAX)));
        let mut updater = Updater { old, new, texts: &texts, text: &source.text, edits: Edits::default() };
        updater.file(&file, &mut found);
        is_changed.push(!updater.edits.is_empty());
        files.push(SourceFile::new(source.name.clone(), updater.edits.apply(&source.text)));
    }
    let missing: Vec<_> = texts.in_order.iter().filter(|b| !found.contains(&b.head)).map(BlockText::text).collect();
    if !missing.is_empty() {
        let place = match file_of_new {
            Some(name) => files.iter().position(|f| f.name == name),
            None => files.len().checked_sub(1),
        };
        let place = place.unwrap_or_else(|| {
            files.push(SourceFile::new(file_of_new.unwrap_or("schema.prisma"), ""));
            is_changed.push(true);
            files.len() - 1
        });
        let text = &mut files[place].text;
        text.push_str(match text.as_str() {
            "" => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        });
        text.push_str(&missing.join("\n"));
        is_changed[place] = true;
    }
    // What does not read is left as it is: whoever reads it next will say so.
    if let Ok(formatted) = format_all(&files) {
        for ((file, text), _) in files.iter_mut().zip(formatted).zip(is_changed).filter(|(_, is_changed)| *is_changed) {
            file.text = text;
        }
    }
    files
}

/// The blocks of a schema as text.
struct Texts {
    in_order: Vec<BlockText>,
    /// Places, by keyword and name.
    places: HashMap<String, usize>,
}

impl Texts {
    fn of(schema: &Schema) -> Self {
        let models = schema.walk_models().map(|m| schema.model_text(m));
        let in_order: Vec<_> = models.chain(schema.enums.iter().map(enum_text)).collect();
        let places = in_order.iter().enumerate().map(|(at, block)| (block.head.clone(), at)).collect();
        Self { in_order, places }
    }

    fn find(&self, head: &str) -> Option<&BlockText> {
        self.in_order.get(*self.places.get(head)?)
    }
}

/// One file as it changes.
struct Updater<'a> {
    old: &'a Schema,
    new: &'a Schema,
    texts: &'a Texts,
    text: &'a str,
    edits: Edits,
}

impl Updater<'_> {
    /// Changes the blocks; adds the heads of those that are still there to `found`.
    fn file(&mut self, file: &File<'_>, found: &mut Vec<String>) {
        for (at, item) in file.items.iter().enumerate() {
            let Item::Block(block) = item else { continue };
            let head = format!("{} {}", block.kind.keyword(), block.name.text);
            match (block.kind, self.texts.find(&head)) {
                (BlockKind::Datasource, _) => self.datasource(block),
                (BlockKind::Generator | BlockKind::Type, _) => {}
                (_, Some(new)) => {
                    found.push(head);
                    self.block(block, new);
                }
                (_, None) => self.remove_block(block, &file.items[..at]),
            }
        }
    }

    /// The text of the block as the old schema would write it.
    fn old_text(&self, block: &Block<'_>) -> Option<BlockText> {
        match block.kind {
            BlockKind::Enum => self.old.enums.iter().find(|e| e.name == block.name.text).map(enum_text),
            _ => self.old_model(block).map(|m| self.old.model_text(m)),
        }
    }

    fn old_model(&self, block: &Block<'_>) -> Option<ModelWalker<'_>> {
        self.old.find_model(block.name.text)
    }

    fn remove_block(&mut self, block: &Block<'_>, before: &[Item<'_>]) {
        let comments = before.iter().rev().map_while(|item| match item {
            Item::Comment(comment) => Some(comment),
            Item::Block(_) => None,
        });
        self.remove_documentation(comments, block.span);
        let end = block.trailing.last().map_or(block.span, |c| c.span);
        self.edits.remove(self.text, block.span.to(end));
    }

    /// Takes the documentation away that stands right above something; `comments` are those before it, the nearest first.
    fn remove_documentation<'c, 't: 'c>(&mut self, comments: impl Iterator<Item = &'c Comment<'t>>, of: Span) {
        let mut next = of;
        for comment in comments {
            let between = self.text.get(comment.span.end as usize..next.start as usize).unwrap_or_default();
            if between.matches('\n').count() > 1 {
                break;
            }
            if comment.kind == CommentKind::Doc {
                self.edits.remove(self.text, comment.span);
            }
            next = comment.span;
        }
    }

    /// The properties that the database tells.
    fn datasource(&mut self, block: &Block<'_>) {
        for ((name, old), (_, new)) in self.old.told_properties().into_iter().zip(self.new.told_properties()) {
            if old == new {
                continue;
            }
            let there = block.properties().find(|p| p.name.text == name);
            match (there, new) {
                (Some(property), Some(line)) => self.edits.replace(property.span, &line),
                (Some(property), None) => self.edits.remove(self.text, property.span),
                (None, Some(line)) => self.add_at_end(block, &line),
                (None, None) => {}
            }
        }
    }

    /// Adds a line before the closing brace.
    fn add_at_end(&mut self, block: &Block<'_>, line: &str) {
        self.edits.add_lines_before(self.text, block.span.end.saturating_sub(1), &format!("{line}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(files: &[&str]) -> Schema {
        let sources = files.iter().enumerate().map(|(i, text)| SourceFile::new(format!("{i}.prisma"), *text)).collect();
        match crate::parse(sources) {
            Ok(validated) => validated.schema,
            Err(errors) => panic!("{}", errors.render(false)),
        }
    }

    fn texts(old: &[&str], new: &str, file_of_new: Option<&str>) -> Vec<String> {
        update(&schema(old), &schema(&[new]), file_of_new).into_iter().map(|f| f.text).collect()
    }

    const DATASOURCE: &str = "datasource db {\n  provider = \"postgresql\"\n}\n";

    const WRITTEN: &str = "\
// First.
datasource db { provider = \"postgresql\" }   // the one

/// People.
// Not documentation.
model User { // open
  id Int @id @default( autoincrement() )
  /// Unique.
  mail String @unique(map: \"mails\") // by mail
  // What they write.
  posts  Post[]
  role Role @default(USER)
  @@index([mail, id])  // fast
  @@map(\"users\")
} // end

enum Role { // roles
  /// The usual.
  USER
  ADMIN @map(\"admin\") // all
}
/* Between. */

model Post { id Int @id
  user User @relation(fields: [userId], references: [id])
  userId Int
}
// Last.
";

    #[test]
    fn what_says_the_same_stays_byte_for_byte() {
        let old = schema(&[WRITTEN]);
        let read_again = schema(&[&old.to_psl()]);
        assert_eq!(update(&old, &read_again, None)[0].text, WRITTEN);
        assert_eq!(update(&old, &read_again, Some("introspected.prisma")).len(), 1);
    }

    #[test]
    fn only_what_changes_changes() {
        let new = "\
datasource db {
  provider = \"postgresql\"
  schemas = [\"a\"]
}
model User {
  id BigInt @id @default(autoincrement())
  age Int?
  role Role @default(USER)
  tags Tag[]
  @@index([id])
  @@index([role])
  @@map(\"users\")
  @@schema(\"a\")
}
enum Role {
  USER
  GUEST
  @@schema(\"a\")
}
model Tag {
  id Int @id
  users User[]
  @@schema(\"a\")
}
";
        let expected = "\
// First.
datasource db {
  provider = \"postgresql\"
  schemas  = [\"a\"]
} // the one

/// People.
// Not documentation.
model User { // open
  id   BigInt @id @default(autoincrement())
  age  Int?
  // What they write.
  role Role   @default(USER)
  tags Tag[]

  @@index([id])
  @@index([role])
  @@map(\"users\")
  @@schema(\"a\")
} // end

enum Role { // roles
  /// The usual.
  USER
  GUEST

  @@schema(\"a\")
}

/* Between. */

// Last.

model Tag {
  id    Int    @id
  users User[]

  @@schema(\"a\")
}
";
        assert_eq!(texts(&[WRITTEN], new, None)[0], expected);
    }

    #[test]
    fn files_in_which_nothing_changes_stay() {
        let files = [DATASOURCE, "/// A.\nmodel A {id Int @id}", "// keep\n/// B.\nmodel B {\n  id Int @id\n}\n"];
        let new = format!("{DATASOURCE}model A {{\n  id Int @id\n}}\n/// C.\nmodel C {{\n  id Int @id\n}}\n");
        let expected = [DATASOURCE, files[1], "// keep\n", "/// C.\nmodel C {\n  id Int @id\n}\n"];
        assert_eq!(texts(&files, &new, Some("new.prisma")), expected);
        let mut appended = expected.to_vec();
        appended[1] = "/// A.\nmodel A {\n  id Int @id\n}\n\n/// C.\nmodel C {\n  id Int @id\n}\n";
        appended.pop();
        assert_eq!(texts(&files, &new, Some("1.prisma")), appended);
    }

    #[test]
    fn line_ends_of_windows_stay() {
        let old = format!("{DATASOURCE}model A {{\n  id Int @id\n}}\n").replace('\n', "\r\n");
        let new = format!("{DATASOURCE}model A {{\n  id Int @id\n  b Int\n}}\n");
        let expected = format!("{DATASOURCE}\nmodel A {{\n  id Int @id\n  b  Int\n}}\n").replace('\n', "\r\n");
        assert_eq!(texts(&[&old], &new, None)[0], expected);
    }
}
