//! How relations are read where nobody says: whichever is faster.
//!
//! A statement for each relation costs a round trip each. One statement for all costs the making and the reading of JSON, for each related record.
//! How many there will be is not known before they are read, so it is taken from what the query says.

use std::time::Duration;

use prisma_schema::{Arity, ModelWalker};

use super::Engine;
use crate::sql;
use crate::tree::{Load, ReadQuery, Selection};

/// A shorter round trip costs nothing to speak of. A server on the machine itself answers in less.
const NEAR: Duration = Duration::from_micros(300);

/// How many records a query is taken to give that does not say.
const MANY: u64 = 1000;

/// How many records a parent is taken to have in a relation that does not say.
const SOME: u64 = 10;

/// How the relations of a query are read: as the query says, or the client, or else as it is likely to be faster. `records` is how many are asked for,
/// if that is known otherwise than by the query.
pub(super) fn load(engine: &Engine, query: &ReadQuery, records: Option<u64>) -> Load {
    if let Some(load) = query.options.load.or(engine.settings().load) {
        return load;
    }
    if query.selection.relations.is_empty() {
        return Load::Query;
    }
    let far = engine.driver().round_trip().filter(|&time| time >= NEAR);
    let (Some(round_trip), Some(joined)) = (far, engine.dialect().joined_record()) else {
        return Load::Query;
    };
    let model = engine.schema().model(query.model);
    let records = records.unwrap_or_else(|| match sql::names_one(model, query.arguments.filter.as_ref()) {
        true => 1,
        false => query.arguments.take.map_or(MANY, i64::unsigned_abs),
    });
    let (statements, related) = related(model, &query.selection, records);
    let saved = round_trip.saturating_mul(statements);
    match saved > joined.saturating_mul(u32::try_from(related).unwrap_or(u32::MAX)) {
        true => Load::Join,
        false => Load::Query,
    }
}

/// How many statements the relations of so many records would take, and about how many related records there are.
fn related(model: ModelWalker<'_>, selection: &Selection, records: u64) -> (u32, u64) {
    let (mut statements, mut all) = (0, 0);
    for relation in &selection.relations {
        let field = model.field(relation.field);
        let each = match (field.arity(), relation.arguments.take) {
            (Arity::List, None) => SOME,
            (Arity::List, Some(take)) => take.unsigned_abs(),
            _ => 1,
        };
        let here = records.saturating_mul(each);
        let (more, below) =
            field.related_model().map_or((0, 0), |model| self::related(model, &relation.selection, here));
        statements += 1 + more;
        all = here.saturating_add(below).saturating_add(all);
    }
    (statements, all)
}

#[cfg(all(test, feature = "postgres", feature = "sqlite"))]
mod tests {
    use std::sync::Arc;

    use prisma_schema::{Provider, SourceFile};

    use super::*;
    use crate::driver::{BoxFuture, Connection, Driver, DriverError};
    use crate::engine::Settings;
    use crate::tree::{Arguments, Columns, ReadOptions, RelationSelection};

    /// A database so far away.
    #[derive(Debug)]
    struct At(Provider, Option<Duration>);

    impl Driver for At {
        fn provider(&self) -> Provider {
            self.0
        }
        fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, DriverError>> {
            Box::pin(async { Err(DriverError::PoolClosed) })
        }
        fn create_database(&self) -> BoxFuture<'_, Result<bool, DriverError>> {
            Box::pin(async { Ok(false) })
        }
        fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>> {
            Box::pin(async { Ok(()) })
        }
        fn close(&self) -> BoxFuture<'_, ()> {
            Box::pin(async {})
        }
        fn round_trip(&self) -> Option<Duration> {
            self.1
        }
        fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
            self
        }
    }

    const SCHEMA: &str = "model User {\n id Int @id\n posts Post[]\n}\nmodel Post {\n id Int @id\n userId Int\n user User @relation(fields: [userId], references: [id])\n}";

    fn at(provider: Provider, micros: Option<u64>, said: Option<Load>) -> Engine {
        let text = format!("datasource db {{\n provider = \"{}\"\n url = \"\"\n}}\n{SCHEMA}", provider.name());
        let schema = prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema;
        let driver = Arc::new(At(provider, micros.map(Duration::from_micros)));
        Engine::with_settings(Arc::new(schema), driver, Settings { load: said, ..Settings::default() }).unwrap()
    }

    /// Users with their posts, whose user; so many users.
    fn chosen(engine: &Engine, take: Option<i64>, said: Option<Load>) -> Load {
        let field = |path: (&str, &str)| engine.schema().find_model(path.0).unwrap().find_field(path.1).unwrap().id();
        let related = |path, relations| RelationSelection {
            field: field(path),
            arguments: Arguments::default(),
            selection: Selection { columns: Columns::All, relations, ..Selection::default() },
        };
        let selection = Selection {
            relations: vec![related(("User", "posts"), vec![related(("Post", "user"), Vec::new())])],
            ..Selection::default()
        };
        let model = engine.schema().find_model("User").unwrap().id();
        let arguments = Arguments { take, ..Arguments::default() };
        let options = ReadOptions { load: said, ..ReadOptions::default() };
        load(engine, &ReadQuery { model, arguments, selection, options }, None)
    }

    #[test]
    fn by_distance_and_size() {
        let far = |micros| at(Provider::Postgresql, Some(micros), None);
        assert_eq!(chosen(&far(50), Some(1), None), Load::Query, "on the same machine");
        assert_eq!(chosen(&far(1_000), Some(1), None), Load::Join);
        assert_eq!(chosen(&far(1_000), Some(-20), None), Load::Join);
        assert_eq!(chosen(&far(1_000), Some(10_000), None), Load::Query, "the round trips are the least of it");
        assert_eq!(chosen(&far(1_000), None, None), Load::Query, "it may be that many");
        assert_eq!(chosen(&far(100_000), None, None), Load::Join);
        assert_eq!(chosen(&at(Provider::Postgresql, None, None), Some(1), None), Load::Query, "not known yet");
        assert_eq!(chosen(&at(Provider::Sqlite, Some(100_000), None), Some(1), None), Load::Query);
    }

    #[test]
    fn what_is_said_counts() {
        let far = at(Provider::Postgresql, Some(100_000), None);
        assert_eq!(chosen(&far, Some(1), Some(Load::Query)), Load::Query);
        let told = at(Provider::Postgresql, Some(100_000), Some(Load::Query));
        assert_eq!(chosen(&told, Some(1), None), Load::Query);
        assert_eq!(chosen(&told, Some(1), Some(Load::Join)), Load::Join);
        let near = at(Provider::Postgresql, Some(10), Some(Load::Join));
        assert_eq!(chosen(&near, None, None), Load::Join);
    }
}
