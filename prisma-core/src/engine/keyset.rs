//! Keyset pages: the records behind, or before, the values that a cursor holds.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use prisma_schema::{Arity, FieldWalker, ModelWalker, ScalarType};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::read::{self, Ends};
use super::{Engine, Session};
use crate::driver::Statement;
use crate::sql::{self, StatementKind};
use crate::tree::{
    Arguments, CompareOp, Condition, Direction, FieldId, Filter, Mode, Nulls, Operand, Order, OrderTarget, ReadQuery,
};
use crate::{Error, ErrorKind, Sink, Value};

/// The place between two pages: the values that a record has in the columns of an order.
///
/// As text (`Display`, `FromStr`, serde) it is made for links: letters, digits, `-` and `_`. It is not encrypted: whoever has it can read the values in it. It fits every query with the same
/// order of the same model, whatever its conditions; another one refuses it (P2009), and so does [`from_str`](str::parse) a text that is no cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct PageCursor {
    order: String,
    values: Vec<Json>,
}

impl fmt::Display for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(json!([self.order, self.values]).to_string()))
    }
}

impl FromStr for PageCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let contents = BASE64.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let message = "this text is no page cursor: give back what `next` or `previous` of a page was, unchanged";
        let (order, values) = contents.ok_or_else(|| invalid(Vec::new(), message))?;
        Ok(Self { order, values })
    }
}

impl Serialize for PageCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PageCursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Which page is asked for.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// How many records at most.
    pub size: u32,
    /// Those behind this place.
    pub after: Option<PageCursor>,
    /// Those before this place, the last of them.
    pub before: Option<PageCursor>,
}

/// The places at the ends of a page, where there is more to be read.
#[derive(Debug, Clone, Default)]
pub struct PageEnds {
    /// Behind the last record.
    pub next: Option<PageCursor>,
    /// Before the first record.
    pub previous: Option<PageCursor>,
}

/// Reads one page into `sink`.
pub(super) async fn read(
    session: &mut Session<'_>,
    mut query: ReadQuery,
    request: PageRequest,
    sink: &mut dyn Sink,
) -> Result<PageEnds, Error> {
    let backwards = request.before.is_some();
    let has_cursor = backwards || request.after.is_some();
    let size = usize::try_from(request.size).unwrap_or(usize::MAX);
    let key = Key::of(session.schema().model(query.model), &query.arguments)?;
    key.restrict(session.engine(), &mut query.arguments, request)?;
    let Ends { first, last, more } =
        read::read_level(session, &mut query, StatementKind::Keyset, &key.fields, size, sink).await?;
    // Where a cursor has come from, there was a record.
    let (before, behind) = if backwards { (more, has_cursor) } else { (has_cursor, more) };
    Ok(PageEnds { next: key.cursor(last.filter(|_| behind)), previous: key.cursor(first.filter(|_| before)) })
}

/// The statement that reads the records of a page.
pub(super) fn statement(engine: &Engine, mut query: ReadQuery, request: PageRequest) -> Result<Statement, Error> {
    let key = Key::of(engine.schema().model(query.model), &query.arguments)?;
    key.restrict(engine, &mut query.arguments, request)?;
    read::first_statement(engine, &mut query, StatementKind::Keyset, &key.fields)
}

/// The columns of an order in which no two records are alike.
struct Key<'s> {
    model: ModelWalker<'s>,
    order: Vec<Order>,
    fields: Vec<FieldWalker<'s>>,
}

impl<'s> Key<'s> {
    fn of(model: ModelWalker<'s>, arguments: &Arguments) -> Result<Self, Error> {
        let Arguments { cursor, skip, take, distinct, .. } = arguments;
        if cursor.is_some() || skip.is_some() || take.is_some() || !distinct.is_empty() {
            let message = "`page` counts the records by itself: leave out `cursor`, `skip`, `take` and `distinct`";
            return Err(invalid(vec![model.name().to_owned()], message));
        }
        let order = sql::total_order(model, &arguments.order);
        let fields = order.iter().map(|order| column(model, order)).collect::<Result<_, _>>()?;
        Ok(Self { model, order, fields })
    }

    /// Narrows a query to one page, and one record more that tells whether others follow.
    fn restrict(&self, engine: &Engine, arguments: &mut Arguments, request: PageRequest) -> Result<(), Error> {
        let PageRequest { size, after, before } = request;
        let backwards = before.is_some();
        let path = || vec![self.model.name().to_owned()];
        let cursor = match (after, before) {
            (Some(_), Some(_)) => {
                return Err(invalid(path(), "a page is `after` one cursor or `before` one, and this has both"));
            }
            (after, before) => after.or(before),
        };
        if size == 0 {
            return Err(invalid(path(), "a page has one record at least, and this one is `page(0)`"));
        }
        if let Some(cursor) = cursor {
            let condition = self.behind(&self.values(&cursor)?, backwards, engine.dialect());
            Filter::add(&mut arguments.filter, Some(condition));
        }
        let take = i64::from(size) + 1;
        arguments.take = Some(if backwards { -take } else { take });
        arguments.order.clone_from(&self.order);
        Ok(())
    }

    /// Which records come behind these values; backwards, before them: the columns compared as a tuple.
    fn behind(&self, values: &[Value], backwards: bool, dialect: &dyn sql::Dialect) -> Filter {
        let mut any = Vec::with_capacity(values.len());
        let mut same = Vec::with_capacity(values.len());
        for ((order, field), value) in self.order.iter().zip(&self.fields).zip(values) {
            let nullable = field.arity() != Arity::Required;
            let nulls_behind = sql::nulls_first(dialect, order.direction, order.nulls) == backwards;
            let scalar = |condition| Filter::Scalar { field: field.id(), condition, mode: Mode::Default };
            let compare = |op| scalar(Condition::Compare(op, Operand::Value(value.clone())));
            let further = match (value.is_null(), nulls_behind) {
                (true, true) => None,
                (true, false) => Some(scalar(Condition::IsNotNull)),
                (false, nulls_behind) => {
                    let ascending = (order.direction == Direction::Asc) != backwards;
                    let further = compare(if ascending { CompareOp::Gt } else { CompareOp::Lt });
                    Some(if nullable && nulls_behind { further.or(scalar(Condition::IsNull)) } else { further })
                }
            };
            any.extend(further.map(|further| Filter::And(same.iter().cloned().chain([further]).collect())));
            same.push(if value.is_null() { scalar(Condition::IsNull) } else { compare(CompareOp::Eq) });
        }
        Filter::Or(any)
    }

    fn cursor(&self, key: Option<Vec<(FieldId, Value)>>) -> Option<PageCursor> {
        let values = self.fields.iter().zip(key?).map(|(field, (_, value))| match value {
            // As text, which is read back to the same bits.
            Value::Float(value) => json!({"$type": "Float", "value": value.to_string()}),
            value => crate::json::encode(*field, value),
        });
        Some(PageCursor { values: values.collect(), order: self.name() })
    }

    fn values(&self, cursor: &PageCursor) -> Result<Vec<Value>, Error> {
        let path = || vec![self.model.name().to_owned()];
        let name = self.name();
        if cursor.order != name {
            let message = format!(
                "the cursor is one of the order `{}`, and this query has the order `{name}`: pages are read on in the order that they were begun in",
                cursor.order
            );
            return Err(invalid(path(), message));
        }
        if cursor.values.len() != self.fields.len() {
            return Err(invalid(path(), "the cursor has not as many values as the order has columns"));
        }
        self.fields.iter().zip(&cursor.values).map(|(&field, json)| crate::json::decode(field, json)).collect()
    }

    /// What the order is called in a cursor, and in messages.
    fn name(&self) -> String {
        let keys = self.order.iter().zip(&self.fields).map(|(order, field)| {
            let direction = if order.direction == Direction::Asc { "" } else { " desc" };
            let nulls = match order.nulls {
                None => "",
                Some(Nulls::First) => " nulls first",
                Some(Nulls::Last) => " nulls last",
            };
            format!("{}{direction}{nulls}", field.name())
        });
        format!("{} by {}", self.model.name(), keys.collect::<Vec<_>>().join(", "))
    }
}

/// The column of a key of the order; its values must be such that comparing them gives the database's own order.
fn column<'s>(model: ModelWalker<'s>, order: &Order) -> Result<FieldWalker<'s>, Error> {
    let by_column = match order.target {
        OrderTarget::Scalar(field) if order.path.is_empty() => Some(model.field(field)),
        _ => None,
    };
    let Some(field) = by_column else {
        let message = "`page` needs an order by columns of the model itself, and this one looks at related records or at a search: use `skip` and `take`";
        return Err(invalid(vec![model.name().to_owned()], message));
    };
    let has_no_place = field.arity() == Arity::List
        || field.scalar().is_none_or(|s| {
            matches!(s.ty, ScalarType::Enum(_) | ScalarType::Json | ScalarType::Bytes | ScalarType::Unsupported(_))
        });
    if has_no_place {
        let message = "`page` cannot order by lists, enums, Json, Bytes or unsupported types, whose values are not compared as they are ordered: use `skip` and `take`";
        return Err(invalid(vec![model.name().to_owned(), field.name().to_owned()], message));
    }
    Ok(field)
}

fn invalid(path: Vec<String>, message: impl Into<String>) -> Error {
    ErrorKind::InvalidQuery { code: "P2009", path, message: message.into() }.into()
}
