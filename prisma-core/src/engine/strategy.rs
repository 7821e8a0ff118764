//! How relations are read where nobody says: whichever is faster.
//!
//! A statement for each relation costs a round trip each. One statement for all costs the making and the reading of JSON, for each related record.
//! How many there will be is not known before they are read, so it is taken from what the query says, or else from how many there were when one of
//! the same shape ran before.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prisma_schema::{Arity, ModelWalker};
use rustc_hash::FxHashMap;

use super::Engine;
use crate::sql::{self, Fetch, StatementKind};
use crate::tree::{Load, ReadQuery, Selection};

/// A shorter round trip costs nothing to speak of. A server on the machine itself answers in less.
const NEAR: Duration = Duration::from_micros(300);

/// How many records a query is taken to give that does not say.
const MANY: u64 = 1000;

/// How many records a parent is taken to have in a relation that does not say.
const SOME: u64 = 10;

/// How the relations of a query are read.
pub(super) struct Choice {
    pub(super) load: Load,
    /// The shape of a query that does not say how many records it gives, if that matters: [`Sizes`] is to be told when it has run.
    pub(super) asks: Option<Box<[u8]>>,
}

impl From<Load> for Choice {
    fn from(load: Load) -> Self {
        Self { load, asks: None }
    }
}

/// As the query says, or the client, or else as it is likely to be faster. `records` is how many are asked for, if that is known otherwise than by the
/// query.
pub(super) fn choose(engine: &Engine, query: &ReadQuery, records: Option<u64>) -> Choice {
    if let Some(load) = query.options.load.or(engine.settings().load) {
        return load.into();
    }
    if query.selection.relations.is_empty() {
        return Load::Query.into();
    }
    let far = engine.driver().round_trip().filter(|&time| time >= NEAR);
    let (Some(round_trip), Some(joined)) = (far, engine.dialect().joined_record()) else {
        return Load::Query.into();
    };
    let model = engine.schema().model(query.model);
    let said = records.or(match sql::names_one(model, query.arguments.filter.as_ref()) {
        true => Some(1),
        false => query.arguments.take.map(i64::unsigned_abs),
    });
    let (statements, mut related) = related(model, &query.selection, said.unwrap_or(MANY));
    let asks = said.is_none().then(|| shape(engine, query));
    if let Some(before) = asks.as_ref().and_then(|shape| engine.sizes().of(shape)) {
        related = before;
    }
    let saved = round_trip.saturating_mul(statements);
    let load = match saved > joined.saturating_mul(u32::try_from(related).unwrap_or(u32::MAX)) {
        true => Load::Join,
        false => Load::Query,
    };
    Choice { load, asks }
}

/// What tells a query from those of other shapes, however its relations are read. It takes some microseconds, of which a far server has enough.
fn shape(engine: &Engine, query: &ReadQuery) -> Box<[u8]> {
    let mut query = query.clone();
    let fetch = Fetch::plain(StatementKind::Read);
    let model = engine.schema().model(query.model);
    let shape = sql::read_shape(engine.dialect(), fetch, model, &mut query.arguments, &mut query.selection, None);
    let mut key = shape.into_parts().0.into_vec();
    relations_of(&query.selection, &mut key);
    key.into()
}

/// The relations at all levels, which the shape of the first does not know.
fn relations_of(selection: &Selection, key: &mut Vec<u8>) {
    for relation in &selection.relations {
        key.extend(relation.field.0.to_le_bytes());
        key.push(1);
        relations_of(&relation.selection, key);
        key.push(0);
    }
}

/// How many related records there were when queries of a shape ran last.
#[derive(Debug, Default)]
pub(super) struct Sizes(Mutex<FxHashMap<Box<[u8]>, u64>>);

/// After so many shapes it starts over.
const CAPACITY: usize = 4096;

impl Sizes {
    fn of(&self, shape: &[u8]) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(shape).copied()
    }

    /// Takes note of how many there were. More count at once, fewer little by little: to take one answer for smaller than it is costs more than a round
    /// trip.
    pub(super) fn note(&self, shape: Box<[u8]>, related: u64) {
        let mut sizes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sizes.len() >= CAPACITY {
            sizes.clear();
        }
        let size = sizes.entry(shape).or_insert(related);
        *size = related.max(*size - (size.saturating_sub(related)).div_ceil(4));
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
    use crate::Value;
    use crate::driver::{BoxFuture, Connection, Driver, DriverError};
    use crate::engine::Settings;
    use crate::tree::{
        Arguments, Columns, CompareOp, Condition, Filter, Mode, Operand, ReadOptions, RelationSelection,
    };

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
        choose(engine, &ReadQuery { model, arguments, selection, options }, None).load
    }

    /// The same query with another value.
    fn of_a_user(engine: &Engine, id: i32) -> ReadQuery {
        let model = engine.schema().find_model("User").unwrap();
        let field = |name: &str| model.find_field(name).unwrap().id();
        let posts = RelationSelection {
            field: field("posts"),
            arguments: Arguments::default(),
            selection: Selection::default(),
        };
        let less = Condition::Compare(CompareOp::Lt, Operand::Value(Value::Int(id)));
        let filter = Filter::Scalar { field: field("id"), condition: less, mode: Mode::Default };
        ReadQuery {
            model: model.id(),
            arguments: Arguments { filter: Some(filter), ..Arguments::default() },
            selection: Selection { relations: vec![posts], ..Selection::default() },
            options: ReadOptions::default(),
        }
    }

    #[test]
    fn by_what_there_was_before() {
        let far = at(Provider::Postgresql, Some(1_000), None);
        let ran = |id: i32, related: u64| {
            let Choice { load, asks } = choose(&far, &of_a_user(&far, id), None);
            far.sizes().note(asks.unwrap(), related);
            load
        };
        assert_eq!(ran(1, 10), Load::Query, "nobody knows");
        assert_eq!(ran(2, 20), Load::Join, "it was few, with another value");
        assert_eq!(ran(3, 5_000), Load::Join);
        assert_eq!(ran(4, 10), Load::Query, "it was many");
        assert_eq!(ran(5, 10), Load::Query, "and may be again");
        for id in 0..40 {
            ran(id, 10);
        }
        assert_eq!(ran(6, 10), Load::Join, "but not for ever");
        let chosen = choose(&far, &of_a_user(&far, 1), Some(3));
        assert!(chosen.asks.is_none(), "what is known need not be learned");
        assert!(choose(&at(Provider::Postgresql, Some(10), None), &of_a_user(&far, 1), None).asks.is_none());
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
