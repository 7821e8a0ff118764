//! The SQL of views, in files beside the schema.

use std::path::{Path, PathBuf};

use prisma_migrate::DatabaseSchema;
use prisma_schema::Schema;

/// The SQL of a view.
#[derive(Debug)]
pub(super) struct Definition {
    /// The database's own schema that it is in.
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) sql: String,
}

/// The definitions of all views whose SQL the database tells.
pub(super) fn definitions(database: &DatabaseSchema) -> Vec<Definition> {
    let usual = database.namespaces.first().cloned().unwrap_or_default();
    let definition = |view: &prisma_migrate::View| {
        let sql = view.definition.as_ref()?.trim();
        Some(Definition {
            schema: view.name.namespace.clone().unwrap_or_else(|| usual.clone()),
            name: view.name.name.clone(),
            sql: format!("{sql}\n"),
        })
    };
    database.views.iter().filter_map(definition).collect()
}

/// Writes `SCHEMA/NAME.sql` for each view, and removes the files of views that the schema had and the database has no longer.
pub(super) fn write(folder: &Path, definitions: &[Definition], written: &Schema) -> Result<(), String> {
    let mut kept = Vec::new();
    for definition in definitions {
        let path = folder.join(file_name(&definition.schema)).join(file_name(&definition.name) + ".sql");
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&definition.sql) {
            path.parent()
                .map_or(Ok(()), std::fs::create_dir_all)
                .and_then(|()| std::fs::write(&path, &definition.sql))
                .map_err(|e| format!("the view's SQL could not be written to `{}`: {e}", path.display()))?;
        }
        kept.push(path);
    }
    let schemas: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_dir()).collect(),
        Err(_) => return Ok(()),
    };
    for view in written.walk_models().filter(|m| m.data().is_view) {
        let name = file_name(view.database_name()) + ".sql";
        for path in schemas.iter().map(|s| s.join(&name)).filter(|p| p.is_file() && !kept.contains(p)) {
            std::fs::remove_file(&path).map_err(|e| format!("`{}` could not be removed: {e}", path.display()))?;
        }
    }
    // Those in which something is left stay.
    schemas.iter().map(PathBuf::as_path).chain([folder]).for_each(|folder| drop(std::fs::remove_dir(folder)));
    Ok(())
}

/// A name as that of a file: it may hold what leads elsewhere.
fn file_name(name: &str) -> String {
    let cleaned: String = name.chars().map(|c| if matches!(c, '/' | '\\' | ':' | '\0') { '_' } else { c }).collect();
    if cleaned.starts_with('.') { format!("_{cleaned}") } else { cleaned }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn no_view_is_written_elsewhere() {
        for (name, file) in [("posts", "posts"), ("../x", "_.._x"), ("a/b", "a_b"), ("..", "_.."), ("ü", "ü")] {
            assert_eq!(file_name(name), file);
        }
    }
}
