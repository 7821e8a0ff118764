//! What the tests stand on: a database with its schema, its statements written down, and short ways to write a query tree.

use std::any::Any;
use std::sync::{Arc, LazyLock, Mutex};

use prisma_core::driver::{
    BoxFuture, Connection, Driver, DriverError, IsolationLevel, QueryError, Row, RowVisitor, Running, Statement,
};
use prisma_core::engine::{Engine, Handle};
use prisma_core::tree::{
    Columns, CompareOp, Condition, ConnectOrCreate, Create, CreateMany, Delete, FieldId, Filter, Mode, ModelId,
    NestedWrite, Operand, RecordChange, RelationSelection, ScalarChange, Selection, Unique, Update, Upsert, WriteQuery,
    WriteRelation,
};
use prisma_core::{Error, Groups, Sink, Value};
use prisma_drivers::ConnectOptions;
use prisma_drivers::sqlite::SqliteDriver;
use prisma_schema::{ModelWalker, Provider, Schema, SourceFile};

const SCHEMA: &str = include_str!("schema.prisma");
const DDL: &str = include_str!("schema.sql");

static PARSED: LazyLock<Arc<Schema>> = LazyLock::new(|| parse(SCHEMA));

fn parse(text: &str) -> Arc<Schema> {
    Arc::new(prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]).unwrap().schema)
}

pub(crate) struct Bed {
    pub handle: Handle,
    driver: Arc<Watched>,
}

impl Bed {
    /// An empty database.
    pub(crate) async fn new() -> Self {
        Self::open(Arc::clone(&PARSED), DDL).await
    }

    /// The same without foreign keys, so that the client keeps references whole.
    pub(crate) async fn without_foreign_keys(script: &str) -> Self {
        let text = SCHEMA.replacen("provider =", "relationMode = \"prisma\"\n  provider =", 1);
        // What is emulated may not lead back to its own table.
        let line = |l: &&str| !l.contains(r#"@relation("line""#);
        let schema = parse(&text.lines().filter(line).collect::<Vec<_>>().join("\n"));
        let mut ddl = String::new();
        for (i, part) in DDL.split(" REFERENCES").enumerate() {
            let rest = if i == 0 { 0 } else { part.find([',', '\n']).unwrap() };
            ddl.push_str(&part[rest..]);
        }
        Self::open(schema, &(ddl + script)).await
    }

    async fn open(schema: Arc<Schema>, script: &str) -> Self {
        let inner = SqliteDriver::connect(":memory:", &ConnectOptions::default()).await.unwrap();
        inner.acquire().await.unwrap().execute_script(script).await.unwrap();
        let driver = Arc::new(Watched { inner, log: Arc::default() });
        let engine = Engine::new(schema, driver.clone()).unwrap();
        Self { handle: Handle::new(Arc::new(engine)), driver }
    }

    /// A database with some rows.
    pub(crate) async fn with(script: &str) -> Self {
        let bed = Self::new().await;
        bed.driver.inner.acquire().await.unwrap().execute_script(script).await.unwrap();
        bed
    }

    /// Runs a write and answers its records.
    pub(crate) async fn run(&self, query: WriteQuery) -> Result<Vec<String>, Error> {
        self.driver.log.lock().unwrap().clear();
        let (WriteQuery::Create(model, _, selection)
        | WriteQuery::CreateManyAndReturn(model, _, selection)
        | WriteQuery::Update(model, _, selection)
        | WriteQuery::UpdateManyAndReturn(model, _, selection)
        | WriteQuery::Upsert(model, _, selection)
        | WriteQuery::Delete(model, _, selection)) = &query
        else {
            panic!("a write that answers no records")
        };
        let mut rows = Rows { rows: Vec::new(), of: Some((*model, selection.clone())) };
        self.handle.write(query, Some(&mut rows)).await?;
        Ok(rows.rows)
    }

    /// Runs a write and answers how many records it wrote.
    pub(crate) async fn count(&self, query: WriteQuery) -> Result<u64, Error> {
        self.driver.log.lock().unwrap().clear();
        self.handle.write(query, None).await
    }

    /// The statements of the last write.
    pub(crate) fn log(&self) -> Vec<String> {
        self.driver.log.lock().unwrap().clone()
    }

    /// The rows of a query, its columns joined by `|`.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<String> {
        let mut rows = Rows::default();
        let mut visit = |row: &dyn Row| rows.row(row);
        let statement = Statement { sql: sql.into(), values: Vec::new(), persistent: false };
        self.driver.inner.acquire().await.unwrap().query(statement, &mut visit).await.unwrap();
        rows.rows
    }
}

/// A model by its name, with short ways to speak of its fields.
#[derive(Clone, Copy)]
pub(crate) struct M(ModelWalker<'static>);

pub(crate) fn model(name: &str) -> M {
    let schema: &'static Schema = &PARSED;
    M(schema.find_model(name).unwrap())
}

impl M {
    pub(crate) fn id(self) -> ModelId {
        self.0.id()
    }

    pub(crate) fn field(self, name: &str) -> FieldId {
        self.0.find_field(name).unwrap_or_else(|| panic!("no field {name}")).id()
    }

    pub(crate) fn values(self, values: impl IntoIterator<Item = (&'static str, Value)>) -> Vec<(FieldId, Value)> {
        values.into_iter().map(|(name, value)| (self.field(name), value)).collect()
    }

    /// A new record without relations.
    pub(crate) fn record<const N: usize>(self, values: [(&'static str, Value); N]) -> Create {
        Create { scalars: self.values(values), relations: Vec::new() }
    }

    /// A new record.
    pub(crate) fn with<const N: usize>(
        self,
        values: [(&'static str, Value); N],
        relations: impl IntoIterator<Item = (&'static str, NestedWrite)>,
    ) -> Create {
        Create { scalars: self.values(values), relations: self.relations(relations) }
    }

    fn relations(self, relations: impl IntoIterator<Item = (&'static str, NestedWrite)>) -> Vec<WriteRelation> {
        relations.into_iter().map(|(name, write)| WriteRelation { field: self.field(name), write }).collect()
    }

    /// One record by a key of one field.
    pub(crate) fn unique(self, field: &str, value: Value) -> Unique {
        Unique { key: vec![(self.field(field), value)], filter: None }
    }

    /// One record by its `id`.
    pub(crate) fn at(self, id: i32) -> Unique {
        self.unique("id", Value::Int(id))
    }

    pub(crate) fn eq(self, field: &str, value: Value) -> Filter {
        let condition = Condition::Compare(CompareOp::Eq, Operand::Value(value));
        Filter::Scalar { field: self.field(field), condition, mode: Mode::Default }
    }

    /// A change of columns alone.
    pub(crate) fn set<const N: usize>(self, values: [(&'static str, Value); N]) -> RecordChange {
        let scalars = self.values(values).into_iter().map(|(f, v)| (f, ScalarChange::Set(v))).collect();
        RecordChange { scalars, relations: Vec::new() }
    }

    /// A change of relations alone.
    pub(crate) fn change(self, relations: impl IntoIterator<Item = (&'static str, NestedWrite)>) -> RecordChange {
        RecordChange { scalars: Vec::new(), relations: self.relations(relations) }
    }

    pub(crate) fn create(self, create: Create) -> WriteQuery {
        WriteQuery::Create(self.id(), create, Selection::default())
    }

    pub(crate) fn create_many(self, records: Vec<Vec<(FieldId, Value)>>, skip_duplicates: bool) -> WriteQuery {
        WriteQuery::CreateMany(self.id(), CreateMany { records, skip_duplicates })
    }

    pub(crate) fn update(self, unique: Unique, write: RecordChange) -> WriteQuery {
        WriteQuery::Update(self.id(), Update { unique, write }, Selection::default())
    }

    /// Changes one relation of the record with this `id`.
    pub(crate) fn relate(self, id: i32, relation: &'static str, write: NestedWrite) -> WriteQuery {
        self.update(self.at(id), self.change([(relation, write)]))
    }

    pub(crate) fn upsert(self, unique: Unique, create: Create, update: RecordChange) -> WriteQuery {
        WriteQuery::Upsert(self.id(), Box::new(Upsert { unique, create, update }), Selection::default())
    }

    pub(crate) fn delete(self, unique: Unique) -> WriteQuery {
        WriteQuery::Delete(self.id(), Delete { unique }, Selection::default())
    }

    pub(crate) fn or_create(self, unique: Unique, create: Create) -> NestedWrite {
        NestedWrite::ConnectOrCreate(vec![ConnectOrCreate { unique, create }])
    }

    /// All columns, and these relations with all of theirs.
    pub(crate) fn including<const N: usize>(self, relations: [&str; N]) -> Selection {
        let relation = |name: &str| RelationSelection {
            field: self.field(name),
            arguments: Default::default(),
            selection: Selection::default(),
        };
        Selection { relations: relations.into_iter().map(relation).collect(), ..Selection::default() }
    }
}

/// The same write, with another selection.
pub(crate) fn select(query: WriteQuery, selection: Selection) -> WriteQuery {
    match query {
        WriteQuery::Create(m, w, _) => WriteQuery::Create(m, w, selection),
        WriteQuery::Update(m, w, _) => WriteQuery::Update(m, w, selection),
        WriteQuery::Upsert(m, w, _) => WriteQuery::Upsert(m, w, selection),
        WriteQuery::Delete(m, w, _) => WriteQuery::Delete(m, w, selection),
        other => other,
    }
}

pub(crate) fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

pub(crate) fn int(number: i32) -> Value {
    Value::Int(number)
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code().unwrap()
}

/// Records as text: columns joined by `|`, then each relation's records in brackets.
#[derive(Default)]
struct Rows {
    rows: Vec<String>,
    /// What the records are; the columns behind that are the engine's.
    of: Option<(ModelId, Selection)>,
}

impl Rows {
    fn width(&self, row: &dyn Row) -> usize {
        let Some((model, selection)) = &self.of else { return row.len() };
        let columns = match &selection.columns {
            Columns::All => PARSED.model(*model).client_scalars().count(),
            Columns::Fields(fields) => fields.len(),
        };
        columns + selection.aggregates.len()
    }
}

impl Sink for Rows {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let column = |i| shown(&row.dynamic(i).unwrap());
        self.rows.push((0..self.width(row)).map(column).collect::<Vec<_>>().join("|"));
        Ok(())
    }

    fn reverse(&mut self) {
        self.rows.reverse();
    }

    fn child(&self, relation: usize) -> Box<dyn Sink> {
        let (model, selection) = self.of.as_ref().unwrap();
        let relation = &selection.relations[relation];
        let related = PARSED.model(*model).field(relation.field).related_model().unwrap();
        Box::new(Rows { rows: Vec::new(), of: Some((related.id(), relation.selection.clone())) })
    }

    fn attach(&mut self, _relation: usize, child: Box<dyn Sink>, groups: Groups) -> Result<(), Error> {
        let child = child.into_any().downcast::<Rows>().unwrap();
        for (parent, text) in self.rows.iter_mut().enumerate() {
            let children: Vec<_> = groups.of(parent).iter().map(|&i| child.rows[i as usize].as_str()).collect();
            text.push_str(&format!("[{}]", children.join(", ")));
        }
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::BigInt(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::String(s) | Value::Enum(s) => s.clone(),
        Value::Boolean(b) => b.to_string(),
        other => format!("{other:?}"),
    }
}

/// A driver that writes down what it is told.
#[derive(Debug)]
struct Watched {
    inner: SqliteDriver,
    log: Arc<Mutex<Vec<String>>>,
}

struct Line {
    inner: Box<dyn Connection>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Line {
    fn note(&self, text: &str) {
        self.log.lock().unwrap().push(text.to_owned());
    }
}

impl Driver for Watched {
    fn provider(&self) -> Provider {
        Provider::Sqlite
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, DriverError>> {
        Box::pin(async {
            let inner = self.inner.acquire().await?;
            Ok(Box::new(Line { inner, log: Arc::clone(&self.log) }) as Box<dyn Connection>)
        })
    }

    fn create_database(&self) -> BoxFuture<'_, Result<bool, DriverError>> {
        self.inner.create_database()
    }

    fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        self.inner.drop_database()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}

impl Connection for Line {
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>> {
        self.note(&statement.sql);
        self.inner.query(statement, rows)
    }

    fn execute(&mut self, statement: Statement) -> Running<'_, Result<u64, DriverError>> {
        self.note(&statement.sql);
        self.inner.execute(statement)
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        self.inner.execute_script(sql)
    }

    fn begin(&mut self, isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>> {
        self.note("BEGIN");
        self.inner.begin(isolation)
    }

    fn commit(&mut self) -> Running<'_, Result<(), DriverError>> {
        self.note("COMMIT");
        self.inner.commit()
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("ROLLBACK");
        self.inner.rollback()
    }
}
