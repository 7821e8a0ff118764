//! The shape of a query: a compact key that tells everything but the values, and the values themselves.
//!
//! Walking a query for its shape moves the values out of it and leaves NULLs behind; the lowering, which runs only if the
//! shape is new, never looks at them. Both walk in the same order: a method here that takes a value has its
//! counterpart in [`Lowering`](super::Lowering) that asks for a marker.

use smallvec::SmallVec;

use super::Dialect;
use crate::Value;
use crate::tree::{
    Aggregate, Condition, FieldId, Filter, ListCondition, MatchKind, Mode, ModelId, Operand, Order, OrderTarget,
    Quantifier, Unique,
};

/// What a statement does: the first byte of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum StatementKind {
    Read,
    /// A read that answers the records' own keys too.
    Page,
    /// A read that answers the columns of its order too.
    Keyset,
    /// A read of several unique keys, which it answers too.
    Keyed,
    Aggregate,
    Group,
    Create,
    Update,
    UpdateEach,
    Delete,
    Connect,
    Disconnect,
    Find,
}

/// What tells a shape from others. Most queries' are as short as to take no memory of their own.
pub(crate) type ShapeKey = SmallVec<[u8; 64]>;

/// The key of a statement's shape, and its values in the order of the markers.
#[derive(Debug)]
pub(crate) struct Shape {
    dialect: &'static dyn Dialect,
    key: ShapeKey,
    values: Vec<Value>,
}

impl Shape {
    pub(crate) fn new(dialect: &'static dyn Dialect, kind: StatementKind, model: ModelId) -> Self {
        let mut key = ShapeKey::new();
        key.push(kind as u8);
        let mut shape = Self { dialect, key, values: Vec::new() };
        shape.number(model.0);
        shape
    }

    pub(crate) fn into_parts(self) -> (ShapeKey, Vec<Value>) {
        (self.key, self.values)
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// One byte of the key.
    pub(crate) fn tag(&mut self, tag: u8) {
        self.key.push(tag);
    }

    /// A number of the key: an id, or how many of something follow.
    pub(crate) fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.key.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.key.push(number as u8);
    }

    /// How many of something follow.
    pub(crate) fn count(&mut self, count: usize) {
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub(crate) fn field(&mut self, field: FieldId) {
        self.number(field.0);
    }

    pub(crate) fn fields(&mut self, fields: &[FieldId]) {
        self.count(fields.len());
        for &field in fields {
            self.field(field);
        }
    }

    /// A value; the key does not know it.
    pub(crate) fn value(&mut self, value: Value) {
        self.values.push(value);
    }

    /// So many values.
    pub(crate) fn all_values(&mut self, values: Vec<Value>) {
        match self.values.is_empty() {
            true => self.values = values,
            false => self.values.extend(values),
        }
    }

    /// A list of values: as one, where the database takes several so. Counterpart: [`Lowering::one_of_list`](super::Lowering::one_of_list).
    pub(crate) fn list(&mut self, values: impl ExactSizeIterator<Item = Value>) {
        if values.len() > 1 && self.dialect.has_arrays() {
            self.count(WHOLE);
            self.value(Value::List(values.collect()));
        } else {
            self.spread(values);
        }
    }

    /// A list of values, padded with its last so that shapes stay few. Counterpart: [`Lowering::markers`](super::Lowering::markers).
    fn spread(&mut self, values: impl ExactSizeIterator<Item = Value>) {
        let padding = padded(self.dialect, values.len()) - values.len();
        self.count(values.len() + padding);
        self.values.extend(values);
        if let (Some(last), 1..) = (self.values.last().cloned(), padding) {
            self.values.extend(std::iter::repeat_n(last, padding));
        }
    }

    /// `count` rows of values, one after the other, padded like a list. Counterpart: [`Lowering::one_of`](super::Lowering::one_of).
    pub(crate) fn rows(&mut self, count: usize, values: Vec<Value>) {
        let width = values.len().checked_div(count).unwrap_or(0);
        if width == 1 {
            return self.list(values.into_iter());
        }
        let padded = padded(self.dialect, count);
        self.count(padded);
        self.values.extend(values);
        let from = self.values.len() - width;
        for _ in count..padded {
            self.values.extend_from_within(from..from + width);
        }
    }

    pub(crate) fn filter(&mut self, filter: &mut Filter) {
        match filter {
            Filter::And(all) => self.filters(1, all),
            Filter::Or(any) => self.filters(2, any),
            Filter::Not(inner) => {
                self.tag(3);
                self.filter(inner);
            }
            Filter::Scalar { field, condition, mode } => {
                self.tag(match mode {
                    Mode::Default => 4,
                    Mode::Insensitive => 5,
                });
                self.field(*field);
                self.condition(condition, *mode);
            }
            Filter::Aggregate { aggregate, condition, mode } => {
                self.tag(match mode {
                    Mode::Default => 7,
                    Mode::Insensitive => 8,
                });
                self.aggregate(*aggregate);
                self.condition(condition, *mode);
            }
            Filter::Search { fields, query } => {
                self.tag(9);
                self.fields(fields);
                self.value(std::mem::take(query));
            }
            Filter::Relation { field, quantifier, filter } => {
                self.tag(6);
                self.field(*field);
                self.tag(*quantifier as u8);
                if !matches!(quantifier, Quantifier::IsNull | Quantifier::IsNotNull) {
                    self.filter(filter);
                }
            }
        }
    }

    fn filters(&mut self, tag: u8, filters: &mut [Filter]) {
        self.tag(tag);
        self.count(filters.len());
        for filter in filters {
            self.filter(filter);
        }
    }

    /// A filter that may be absent.
    pub(crate) fn optional_filter(&mut self, filter: Option<&mut Filter>) {
        match filter {
            Some(filter) => self.filter(filter),
            None => self.tag(0),
        }
    }

    /// What is computed of records.
    pub(crate) fn aggregate(&mut self, aggregate: Aggregate) {
        self.tag(match aggregate {
            Aggregate::Count => 0,
            Aggregate::CountField(_) => 1,
            Aggregate::Sum(_) => 2,
            Aggregate::Avg(_) => 3,
            Aggregate::Min(_) => 4,
            Aggregate::Max(_) => 5,
        });
        if let Some(field) = aggregate.field() {
            self.field(field);
        }
    }

    pub(crate) fn aggregates(&mut self, aggregates: &[Aggregate]) {
        self.count(aggregates.len());
        for &aggregate in aggregates {
            self.aggregate(aggregate);
        }
    }

    pub(crate) fn unique(&mut self, unique: &mut Unique) {
        self.count(unique.key.len());
        for (field, value) in &mut unique.key {
            self.field(*field);
            self.value(std::mem::take(value));
        }
        self.optional_filter(unique.filter.as_mut());
    }

    fn condition(&mut self, condition: &mut Condition, mode: Mode) {
        match condition {
            Condition::Compare(op, operand) => {
                self.tag(1 + *op as u8);
                self.operand(operand, |v| v);
            }
            Condition::Match(kind, operand) => {
                self.tag(10 + *kind as u8);
                let kind = *kind;
                self.operand(operand, |v| like_pattern(kind, v));
            }
            Condition::In { values, negated } if goes_whole(self.dialect, values, mode) => {
                self.tag(22 + u8::from(*negated));
                // The lowering sees by the list within the list that it is one value.
                let whole = std::mem::replace(values, vec![Value::List(Vec::new())]);
                self.value(Value::List(whole));
            }
            Condition::In { values, negated } => {
                self.tag(20 + u8::from(*negated));
                self.spread(values.iter_mut().map(std::mem::take));
            }
            Condition::List(condition) => self.list_condition(condition),
            Condition::Json { path, test } => {
                self.tag(50);
                self.json_condition(path, test);
            }
            Condition::IsNull => self.tag(30),
            Condition::IsNotNull => self.tag(31),
        }
    }

    fn list_condition(&mut self, condition: &mut ListCondition) {
        match condition {
            ListCondition::Has(operand) => {
                self.tag(40);
                self.operand(operand, |v| Value::List(vec![v]));
            }
            ListCondition::HasEvery(operand) => {
                self.tag(41);
                self.operand(operand, |v| v);
            }
            ListCondition::HasSome(operand) => {
                self.tag(42);
                self.operand(operand, |v| v);
            }
            ListCondition::IsEmpty(is_empty) => self.tag(43 + u8::from(*is_empty)),
        }
    }

    pub(super) fn operand(&mut self, operand: &mut Operand, convert: impl FnOnce(Value) -> Value) {
        match operand {
            Operand::Value(value) => {
                self.tag(0);
                self.value(convert(std::mem::take(value)));
            }
            Operand::Field(field) => {
                self.tag(1);
                self.field(*field);
            }
        }
    }

    pub(crate) fn order(&mut self, order: &[Order]) {
        self.count(order.len());
        for order in order {
            self.fields(&order.path);
            let (tag, fields) = match &order.target {
                OrderTarget::Scalar(field) => (0, std::slice::from_ref(field)),
                OrderTarget::Related(of) => (1, std::slice::from_ref(&of.field)),
                OrderTarget::Relevance { fields, .. } => (2, &fields[..]),
                OrderTarget::Aggregate(_) => (3, &[][..]),
            };
            let nulls = order.nulls.map_or(0, |n| 1 + n as u8);
            self.tag(tag | (order.direction as u8) << 2 | nulls << 3);
            match &order.target {
                OrderTarget::Aggregate(aggregate) => self.aggregate(*aggregate),
                OrderTarget::Related(of) => {
                    self.fields(fields);
                    self.aggregate(of.aggregate);
                }
                _ => self.fields(fields),
            }
        }
        self.order_values(order);
    }

    /// The values of an order, once more each time that it is lowered.
    pub(crate) fn order_values(&mut self, order: &[Order]) {
        for order in order {
            match &order.target {
                OrderTarget::Relevance { search, .. } => self.value(Value::String(search.clone())),
                OrderTarget::Related(of) => self.optional_filter(of.filter.clone().as_mut()),
                OrderTarget::Scalar(_) | OrderTarget::Aggregate(_) => {}
            }
        }
    }
}

/// The number of markers for a list: the next power of two, unless that comes near what a statement can have.
pub(crate) fn padded(dialect: &dyn Dialect, len: usize) -> usize {
    let padded = if len == 0 { 0 } else { len.next_power_of_two() };
    if padded > dialect.max_parameters() / 2 { len } else { padded }
}

/// The number in a key that stands for a list that is one value, however long.
const WHOLE: usize = 2;

/// Whether the values of a list stand in one, as the shape has left them.
pub(super) fn is_whole(values: &[Value]) -> bool {
    matches!(values, [Value::List(_)])
}

/// Whether a list is bound as one value: as an array if there are such, but for one whose texts have to be folded one by one;
/// otherwise a long one, of which the provider can take the elements out again.
fn goes_whole(dialect: &dyn Dialect, values: &[Value], mode: Mode) -> bool {
    if dialect.has_arrays() {
        return values.len() > 1 && mode == Mode::Default;
    }
    values.len() > dialect.longest_spread_list() && values.iter().all(|value| dialect.takes_from_list(value))
}

/// The character that makes the next one plain in a pattern of LIKE.
pub(crate) const LIKE_ESCAPE: char = '\\';

/// The text as a pattern of LIKE, its own `%`, `_` and `\` plain.
pub(super) fn like_pattern(kind: MatchKind, value: Value) -> Value {
    let (Value::String(text) | Value::Enum(text)) = value else {
        return value;
    };
    let mut pattern = String::with_capacity(text.len() + 2);
    if matches!(kind, MatchKind::Contains | MatchKind::EndsWith) {
        pattern.push('%');
    }
    for c in text.chars() {
        if matches!(c, '%' | '_' | LIKE_ESCAPE) {
            pattern.push(LIKE_ESCAPE);
        }
        pattern.push(c);
    }
    if matches!(kind, MatchKind::Contains | MatchKind::StartsWith) {
        pattern.push('%');
    }
    Value::String(pattern)
}
