//! The files of a schema before and after.

use std::fmt;
use std::path::Path;

use prisma_schema::SourceFile;

use crate::commands::counted;

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Changes {
    written: Vec<String>,
    removed: Vec<String>,
    places: Vec<String>,
}

impl Changes {
    /// Writes the files that are not as they were. One in which nothing is left goes.
    pub(super) fn write(before: &[SourceFile], after: &[SourceFile]) -> Result<Self, String> {
        let mut changes = Self { places: before.iter().map(|f| f.name.clone()).collect(), ..Self::default() };
        for file in after {
            let old = before.iter().find(|b| b.name == file.name);
            if old.is_some_and(|old| old.text == file.text) {
                continue;
            }
            let path = Path::new(&file.name);
            if file.text.trim().is_empty() && after.len() > 1 {
                std::fs::remove_file(path).map_err(|e| format!("`{}` could not be removed: {e}", file.name))?;
                changes.removed.push(file.name.clone());
            } else {
                std::fs::write(path, &file.text)
                    .map_err(|e| format!("the schema could not be written to `{}`: {e}", file.name))?;
                changes.written.push(file.name.clone());
            }
        }
        Ok(changes)
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.written.is_empty() && self.removed.is_empty() {
            return match self.places.as_slice() {
                [only] => write!(f, "found, as {only} says already: nothing was changed"),
                files => write!(
                    f,
                    "found, as the schema's {} say already: nothing was changed",
                    counted(files.len(), "file")
                ),
            };
        }
        match self.written.is_empty() {
            true => f.write_str("found")?,
            false => write!(f, "written to {}", self.written.join(", "))?,
        }
        match self.removed.as_slice() {
            [] => Ok(()),
            gone => write!(f, "; nothing was left in {}, removed", gone.join(", ")),
        }
    }
}

/// One file as it is, several each under its name.
pub(super) fn listing(files: &[SourceFile]) -> String {
    match files {
        [only] => only.text.clone(),
        files => {
            let one = |f: &SourceFile| format!("// {}\n{}", f.name, f.text);
            files.iter().map(one).collect::<Vec<_>>().join("\n")
        }
    }
}
