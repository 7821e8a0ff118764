//! From a driver's report, in tables and columns, to an error in models and fields.

use prisma_schema::{FieldWalker, IndexKind, IndexWalker, ModelWalker, RelationKind, Schema};

use crate::driver::{Constraint, DriverError};
use crate::{Error, ErrorKind};

/// The error that a driver's report stands for.
pub(crate) fn explain(schema: &Schema, error: DriverError) -> Error {
    Error::new(match error {
        DriverError::UniqueViolation { constraint, .. } => {
            let (model, fields) = fields(schema, &constraint);
            ErrorKind::UniqueConstraint { model, fields }
        }
        DriverError::NullViolation { constraint, .. } => {
            let (model, fields) = fields(schema, &constraint);
            ErrorKind::NullConstraint { model, fields }
        }
        DriverError::ForeignKeyViolation { constraint, .. } => {
            let (model, fields) = fields(schema, &constraint);
            ErrorKind::ForeignKey { model, constraint: (!fields.is_empty()).then(|| fields.join(", ")) }
        }
        DriverError::TableNotFound { table } => {
            ErrorKind::TableNotFound { model: by_table(schema, &table).map(|m| m.name().to_owned()), table }
        }
        DriverError::ColumnNotFound { column } => ErrorKind::ColumnNotFound { column },
        DriverError::WriteConflict { message } => ErrorKind::WriteConflict { message },
        other => ErrorKind::Database(other),
    })
}

/// The model of a table, which is told with its database schema or without.
fn by_table<'s>(schema: &'s Schema, table: &str) -> Option<ModelWalker<'s>> {
    let within = |m: &ModelWalker<'_>| table.strip_suffix(m.database_name()).and_then(|t| t.strip_suffix('.'));
    let exactly = |m: &ModelWalker<'_>| m.data().schema.is_some() && within(m) == m.data().schema.as_deref();
    let roughly = |m: &ModelWalker<'_>| m.database_name() == table || within(m).is_some();
    schema.walk_models().find(exactly).or_else(|| schema.walk_models().find(roughly))
}

/// Model and fields of a constraint, as far as the database tells them.
fn fields(schema: &Schema, constraint: &Constraint) -> (Option<String>, Vec<String>) {
    match constraint {
        Constraint::Columns { table, columns } => {
            let model = table.as_deref().and_then(|t| by_table(schema, t));
            let field = |column: &String| {
                model
                    .and_then(|m| m.scalar_fields().find(|f| f.database_name() == column))
                    .map_or_else(|| column.clone(), |f| f.name().to_owned())
            };
            (model.map(|m| m.name().to_owned()), columns.iter().map(field).collect())
        }
        Constraint::Name(name) => named(schema, name).unwrap_or_else(|| (None, vec![name.clone()])),
        Constraint::Unknown => (None, Vec::new()),
    }
}

/// Model and fields of the key, unique or foreign key that has this name in the database.
fn named(schema: &Schema, name: &str) -> Option<(Option<String>, Vec<String>)> {
    let of = |model: ModelWalker<'_>, fields: Vec<&str>| {
        (Some(model.name().to_owned()), fields.into_iter().map(str::to_owned).collect())
    };
    let mut keys = schema.walk_models().filter_map(|model| Some((model, key_fields(model, name)?)));
    match (keys.next(), keys.next()) {
        (Some((model, fields)), None) => return Some(of(model, fields)),
        (None, _) => {}
        // Keys of several tables may have the same name: which table it is, the write knows.
        (Some(_), Some(_)) => return None,
    }
    schema.walk_relations().find(|r| r.constraint_name().as_deref() == Some(name)).and_then(|relation| {
        let RelationKind::ForeignKey(key) = &relation.data().kind else { return None };
        let model = schema.model(key.model);
        Some(of(model, key.fields.iter().map(|&f| model.field(f).name()).collect()))
    })
}

/// The fields of a model's key or unique of this name. MySQL calls every primary key `PRIMARY`.
pub(crate) fn key_fields<'s>(model: ModelWalker<'s>, name: &str) -> Option<Vec<&'s str>> {
    let is_primary = |key: IndexWalker<'_>| key.kind() == IndexKind::PrimaryKey && name == "PRIMARY";
    let key = model.indexes().find(|key| key.database_name() == name || is_primary(*key))?;
    Some(key.fields().map(FieldWalker::name).collect())
}

#[cfg(test)]
mod tests {
    use prisma_schema::SourceFile;

    use super::*;

    #[test]
    fn constraints_by_name() {
        let text = r#"
            datasource db {
              provider = "postgresql"
              url      = "postgresql://localhost"
            }
            model User {
              id    Int    @id
              email String @unique @map("mail")
              posts Post[]
              @@map("users")
            }
            model Post {
              id       Int  @id
              author   User @relation(fields: [authorId], references: [id], map: "wrote")
              authorId Int
            }"#;
        let schema = prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema;
        let of = |name: &str| fields(&schema, &Constraint::Name(name.to_owned()));
        assert_eq!(of("users_mail_key"), (Some("User".to_owned()), vec!["email".to_owned()]));
        assert_eq!(of("Post_pkey"), (Some("Post".to_owned()), vec!["id".to_owned()]));
        assert_eq!(of("wrote"), (Some("Post".to_owned()), vec!["authorId".to_owned()]));
        assert_eq!(of("other"), (None, vec!["other".to_owned()]));
    }

    #[test]
    fn tables_in_database_schemas() {
        let text = r#"
            datasource db {
              provider = "postgresql"
              url      = "postgresql://localhost"
              schemas  = ["a", "b"]
            }
            model User {
              id Int @id
              @@map("people")
              @@schema("a")
            }
            model Person {
              id Int @id @map("number")
              @@map("people")
              @@schema("b")
            }"#;
        let schema = prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema;
        let model = |table: &str| by_table(&schema, table).map(|m| m.name().to_owned());
        assert_eq!(model("a.people").as_deref(), Some("User"));
        assert_eq!(model("b.people").as_deref(), Some("Person"));
        assert_eq!(model("people").as_deref(), Some("User"));
        assert_eq!(model("main.people").as_deref(), Some("User"));
        assert_eq!(model("elsepeople"), None);
        let constraint = Constraint::Columns { table: Some("b.people".to_owned()), columns: vec!["number".to_owned()] };
        assert_eq!(fields(&schema, &constraint), (Some("Person".to_owned()), vec!["id".to_owned()]));
    }
}
