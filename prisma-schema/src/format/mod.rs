//! The formatter: one layout for every schema, with what relations lack filled in.
//!
//! It keeps every comment, never changes what a valid schema means, and changes nothing the second time.

mod missing;
mod print;
mod table;

use crate::diagnostics::Diagnostics;
use crate::{SourceFile, SourceId, syntax};

/// Formats the text of a schema that is one file. The error holds what could not be read; then nothing changes.
pub fn format(text: &str) -> Result<String, Diagnostics> {
    let mut texts = format_all(&[SourceFile::new("schema.prisma", text)])?;
    Ok(texts.pop().unwrap_or_default())
}

/// Formats the files of a schema, in the order given.
pub fn format_all(sources: &[SourceFile]) -> Result<Vec<String>, Diagnostics> {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for (i, source) in sources.iter().enumerate() {
        let (file, found) = syntax::parse(source, SourceId(u16::try_from(i).unwrap_or(u16::MAX)));
        files.push(file);
        errors.extend(found);
    }
    if !errors.is_empty() {
        return Err(Diagnostics::new(sources.to_vec(), errors));
    }
    let additions = missing::additions(&files, sources);
    let print = |(file, source): (&syntax::File<'_>, &SourceFile)| {
        let text = print::file(file, &source.text, &additions);
        // Who writes for Windows keeps its line ends.
        if source.text.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
    };
    Ok(files.iter().zip(sources).map(print).collect())
}
