//! Reads by a unique key that begin at one moment, gathered and answered by one statement.
//!
//! Who is first opens a gathering, the others join it until it has a connection. It is a shared future: whoever of them is polled drives it, so that it does not
//! matter who gives up, and if all do, it is dropped.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use prisma_schema::{FieldWalker, Schema};

use super::{Handle, keyed};
use crate::driver::{BoxFuture, pause};
use crate::tree::{CompareOp, Condition, FieldId, Filter, Mode, Operand, ReadQuery};
use crate::{Error, Groups, Sink, Value};

/// What all get who have asked: each takes its own out of it.
pub(crate) type Answers = Arc<Result<Mutex<Box<dyn Any + Send>>, Error>>;

/// How the answers are made, without knowing their type.
pub(crate) struct Making {
    /// The type.
    pub(crate) kind: TypeId,
    /// Takes the records.
    pub(crate) sink: Box<dyn Sink>,
    /// Gives each of the groups its own.
    pub(crate) distribute: fn(Box<dyn Sink>, &Groups) -> Result<Box<dyn Any + Send>, Error>,
}

/// The keys that were asked for so far; nothing once it is too late to join.
type Asked = Mutex<Option<Vec<Vec<Value>>>>;

/// What can be joined.
#[derive(Default)]
pub(super) struct Gatherings(Mutex<Vec<Gathering>>);

struct Gathering {
    kind: TypeId,
    scope: Option<usize>,
    key: Vec<FieldId>,
    /// But for the key.
    query: ReadQuery,
    asked: Weak<Asked>,
    answers: WeakShared<BoxFuture<'static, Answers>>,
}

impl Gatherings {
    /// Adds a key to those asked for. Answers what is to be awaited, and the place of the key among them.
    fn join(
        &self,
        handle: &Handle,
        query: ReadQuery,
        key: Vec<(FieldId, Value)>,
        making: Making,
    ) -> (Shared<BoxFuture<'static, Answers>>, usize) {
        let (key, values): (Vec<_>, Vec<_>) = key.into_iter().unzip();
        let (kind, scope) = (making.kind, handle.scope());
        let mut open = lock(&self.0);
        open.retain(|gathering| gathering.asked.strong_count() > 0);
        for same in open.iter().filter(|g| g.kind == kind && g.scope == scope && g.key == key && g.query == query) {
            if let (Some(asked), Some(answers)) = (same.asked.upgrade(), same.answers.upgrade())
                && let Some(asked) = &mut *lock(&asked)
            {
                asked.push(values);
                return (answers, asked.len() - 1);
            }
        }
        let asked = Arc::new(Mutex::new(Some(vec![values])));
        let gathering = (Arc::downgrade(&asked), query.clone(), key.clone());
        let answers = answers(handle.clone(), query, key, asked, making).boxed().shared();
        if let (Some(answers), (asked, query, key)) = (answers.downgrade(), gathering) {
            open.push(Gathering { kind, scope, key, query, asked, answers });
        }
        (answers, 0)
    }
}

async fn answers(handle: Handle, query: ReadQuery, key: Vec<FieldId>, asked: Arc<Asked>, making: Making) -> Answers {
    Arc::new(answer(handle, query, &key, asked, making).await.map(Mutex::new))
}

async fn answer(
    handle: Handle,
    query: ReadQuery,
    key: &[FieldId],
    asked: Arc<Asked>,
    making: Making,
) -> Result<Box<dyn Any + Send>, Error> {
    let Making { mut sink, distribute, .. } = making;
    let mut lease = handle.lease().await?;
    let keys = lock(&asked).take().unwrap_or_default();
    drop(asked);
    let model = handle.engine().schema().model(query.model);
    let fields: Vec<_> = key.iter().map(|&field| model.field(field)).collect();
    let groups = keyed::read(&mut lease.session()?, query, &fields, keys, &mut *sink).await?;
    distribute(sink, &groups)
}

impl Handle {
    /// Runs a read by the unique key that [`unique_key`] took out of it, together with the others of its kind that begin before it has a connection.
    /// Answers all answers, and the place of this one's own.
    pub(crate) async fn gather(
        &self,
        mut query: ReadQuery,
        key: Vec<(FieldId, Value)>,
        making: Making,
    ) -> Result<(Answers, usize), Error> {
        self.check(&query)?;
        query.arguments.take = None;
        let (answers, place) = self.engine().gatherings().join(self, query, key, making);
        // The others of this moment begin.
        pause().await;
        Ok((answers.await, place))
    }
}

/// Takes the conditions on a unique key out of a read that has them, unless one of them is that a column is NULL.
pub(crate) fn unique_key(schema: &Schema, query: &mut ReadQuery) -> Option<Vec<(FieldId, Value)>> {
    let filter = query.arguments.filter.take();
    let mut all = match filter {
        Some(Filter::And(all)) => all,
        filter => filter.into_iter().collect(),
    };
    let place = |all: &[Filter], field: FieldWalker<'_>| {
        all.iter().position(|filter| {
            matches!(filter, Filter::Scalar {
            field: id, condition: Condition::Compare(CompareOp::Eq, Operand::Value(value)), mode: Mode::Default,
        } if *id == field.id() && !value.is_null())
        })
    };
    let keys = schema.model(query.model).unique_keys();
    let places = keys.filter_map(|key| key.fields().map(|field| place(&all, field)).collect::<Option<Vec<_>>>());
    // If there are several, then the one that stands first.
    let mut key = None;
    if let Some(mut places) = places.min_by_key(|places| places.iter().max().copied()) {
        places.sort_unstable();
        let taken = places.iter().rev().map(|&place| all.remove(place)).filter_map(|filter| match filter {
            Filter::Scalar { field, condition: Condition::Compare(_, Operand::Value(value)), .. } => {
                Some((field, value))
            }
            _ => None,
        });
        key = Some(taken.collect());
    }
    query.arguments.filter = (!all.is_empty()).then_some(Filter::And(all));
    key
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Gatherings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gatherings").finish_non_exhaustive()
    }
}
