//! Writes: one record with its relations to any depth, or many records without.
//!
//! A record is written between its relations: first those whose foreign key it holds itself ([`parents`]), so that its row is
//! written once and complete, then those whose key lies at the other end or in a join table ([`children`], and
//! [`nested`] for changes of records that are connected already). Within each of the two the order is that of the query.
//!
//! Where one statement does it all, there is no transaction; else all is one, or a savepoint of the one that is open.

mod children;
mod create;
mod each;
mod failure;
mod many;
mod nested;
mod parents;
mod preview;
mod record;
mod referential;
mod reply;
mod returning;
mod rows;
mod single;
mod statement;
mod update;
mod upsert;
mod upsert_many;

use prisma_schema::ModelWalker;

use self::failure::nothing_to;
use self::reply::{choose, is_plain, is_settled, read_back};
use self::statement::Answer;
use super::{Handle, Session};
use crate::driver::{BoxFuture, Statement};
use crate::sql::selected_fields;
use crate::tree::{Arguments, Create, Delete, ReadOptions, ReadQuery, Selection, Update, Upsert, WriteQuery};
use crate::{Error, Sink};

impl Handle {
    /// Runs a write; the records that it answers go to `sink`, if there is one. Answers how many records were written: 1 for
    /// the writes of one record.
    ///
    /// # Errors
    /// A record that is needed is not there (P2025, P2017, P2018), a required relation would break (P2014), or a constraint (P2002, P2003,
    /// P2011 …); then nothing of the write is done.
    #[allow(clippy::manual_async_fn, reason = "a function would keep its arguments twice")]
    pub fn write<'a>(
        &'a self,
        query: WriteQuery,
        sink: Option<&'a mut (dyn Sink + 'a)>,
    ) -> impl Future<Output = Result<u64, Error>> + Send + 'a {
        async move {
            if let (Some((model, selection)), Some(_)) = (query.selection(), &sink) {
                self.engine().check_omitted(model, selection)?;
            }
            let mut lease = self.lease().await?;
            let is_part = {
                let session = lease.session()?;
                session.in_transaction() && !single::is_single_statement(&session, &query)
            };
            if !is_part {
                return write(&mut lease.session()?, query, sink)?.await;
            }
            lease.begin_savepoint().await?;
            let result = match write(&mut lease.session()?, query, sink) {
                Ok(running) => running.await,
                Err(error) => Err(error),
            };
            lease.end_savepoint(result).await
        }
    }

    /// The first statement that a write runs. Nothing is run.
    ///
    /// # Errors
    /// A write that makes no sense, or that has nothing to write (P2009); more values than a statement can have (P2029).
    pub fn write_to_sql(&self, query: WriteQuery) -> Result<Statement, Error> {
        preview::first_statement(self.engine(), query)
    }
}

/// A write on its way; it tells how many records it was.
type Running<'a> = BoxFuture<'a, Result<u64, Error>>;

/// Runs a write; the records that it answers go to `sink`, if there is one.
pub(crate) fn write<'a, 's: 'a, 'k: 'a>(
    session: &'a mut Session<'s>,
    query: WriteQuery,
    sink: Option<&'a mut (dyn Sink + 'k)>,
) -> Result<Running<'a>, Error> {
    if single::is_single_statement(session, &query) {
        return run(session, query, sink);
    }
    Ok(Box::pin(async move {
        let began = session.ensure_transaction().await?;
        let result = match run(session, query, sink) {
            Ok(running) => running.await,
            Err(error) => Err(error),
        };
        session.end_transaction(began, result).await
    }))
}

/// Each kind in a box of its own size, which has nothing in it that is needed only for the making.
fn run<'a, 's: 'a, 'k: 'a>(
    session: &'a mut Session<'s>,
    query: WriteQuery,
    sink: Option<&'a mut (dyn Sink + 'k)>,
) -> Result<Running<'a>, Error> {
    let schema = session.schema();
    let sink = sink.map(|sink| -> &'a mut dyn Sink { sink });
    Ok(match query {
        WriteQuery::Create(model, create, selection) => {
            one_created(session, schema.model(model), create, selection, sink)?
        }
        WriteQuery::Update(model, update, selection) => {
            one_updated(session, schema.model(model), update, selection, sink)?
        }
        WriteQuery::Upsert(model, upsert, selection) => {
            one_upserted(session, schema.model(model), *upsert, selection, sink)?
        }
        WriteQuery::Delete(model, delete, selection) => {
            Box::pin(one_deleted(session, schema.model(model), delete, selection, sink))
        }
        WriteQuery::CreateMany(model, many) => Box::pin(many::create(session, schema.model(model), many, None)),
        WriteQuery::CreateManyAndReturn(model, records, selection) => {
            let asked = sink.map(|sink| (selection, sink));
            Box::pin(many::create(session, schema.model(model), records, asked))
        }
        WriteQuery::UpdateMany(model, many) => Box::pin(many::update(session, schema.model(model), many, None)),
        WriteQuery::UpdateEach(model, each) => Box::pin(each::update(session, schema.model(model), each)),
        WriteQuery::UpsertMany(model, many) => Box::pin(upsert_many::upsert(session, schema.model(model), many, None)),
        WriteQuery::UpsertManyAndReturn(model, many, selection) => {
            let asked = sink.map(|sink| (selection, sink));
            Box::pin(upsert_many::upsert(session, schema.model(model), many, asked))
        }
        WriteQuery::UpdateManyAndReturn(model, change, selection) => {
            let asked = sink.map(|sink| (selection, sink));
            Box::pin(many::update(session, schema.model(model), change, asked))
        }
        WriteQuery::DeleteMany(model, many) => {
            Box::pin(statement::delete(session, schema.model(model), many.filter, many.limit, None))
        }
    })
}

fn one_created<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    create: Create,
    selection: Selection,
    sink: Option<&'a mut dyn Sink>,
) -> Result<Running<'a>, Error> {
    let settled = is_settled(model, &create.relations);
    let (mut answer, reply) = choose(model, selection, sink, settled)?;
    Ok(Box::pin(async move {
        let record = create::create_into(session, model, create, None, &mut answer).await?;
        read_back(session, model, [record], reply).await?;
        Ok(1)
    }))
}

fn one_updated<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    update: Update,
    selection: Selection,
    sink: Option<&'a mut dyn Sink>,
) -> Result<Running<'a>, Error> {
    let Update { unique, write } = update;
    let settled = is_settled(model, &write.relations);
    let (mut answer, reply) = choose(model, selection, sink, settled)?;
    Ok(Box::pin(async move {
        let filter = unique.clone().into_filter();
        match update::update_into(session, model, filter, write, &mut answer).await? {
            Some(record) => read_back(session, model, [record], reply).await?,
            None => return Err(nothing_to("update", model, &unique)),
        }
        Ok(1)
    }))
}

fn one_upserted<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    upsert: Upsert,
    selection: Selection,
    sink: Option<&'a mut dyn Sink>,
) -> Result<Running<'a>, Error> {
    if upsert::is_native(session, model, &upsert, &selection) {
        let (mut answer, reply) = choose(model, selection, sink, true)?;
        return Ok(Box::pin(async move {
            upsert::upsert_native(session, model, upsert, &mut answer).await?;
            read_back(session, model, answer.records, reply).await?;
            Ok(1)
        }));
    }
    let settled = is_settled(model, &upsert.create.relations) && is_settled(model, &upsert.update.relations);
    let (mut answer, reply) = choose(model, selection, sink, settled)?;
    Ok(Box::pin(async move {
        let record = upsert::upsert_into(session, model, upsert, &mut answer).await?;
        read_back(session, model, [record], reply).await?;
        Ok(1)
    }))
}

async fn one_deleted<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    delete: Delete,
    selection: Selection,
    sink: Option<&mut dyn Sink>,
) -> Result<u64, Error> {
    let filter = delete.unique.clone().into_filter();
    let columns = selected_fields(model, &selection);
    let mut answer = match sink {
        Some(sink) if is_plain(&selection) && !columns.is_empty() => Some(Answer::into_sink(model, columns, sink)),
        Some(sink) => {
            // What it was is read before it goes; if it is not there, the deletion tells.
            let arguments = Arguments { filter: Some(filter.clone()), ..Arguments::default() };
            let mut query = ReadQuery { model: model.id(), arguments, selection, options: ReadOptions::default() };
            Box::pin(super::read::read(session, &mut query, sink)).await?;
            None
        }
        None => None,
    };
    match statement::delete(session, model, Some(filter), None, answer.as_mut()).await? {
        0 => Err(nothing_to("delete", model, &delete.unique)),
        _ => Ok(1),
    }
}
