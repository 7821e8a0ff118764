//! Random schemas: what is in them, and how that is written.

use std::fmt::Write;

use prisma_schema::Provider;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

const TABLES: usize = 3;
const COLUMNS: usize = 5;
const VALUES: [&str; 4] = ["V0", "V1", "V2", "V3"];

/// A type of a column: as the schema writes it, a default, two values as SQL, and whether it can be in an index.
struct Type {
    schema: &'static str,
    native: &'static str,
    default: &'static str,
    values: [&'static str; 2],
    /// On MySQL only if it is no long text.
    is_indexable: bool,
    /// Lists of it are compared as any other column.
    has_lists: bool,
}

const fn ty(
    schema: &'static str,
    native: &'static str,
    default: &'static str,
    values: [&'static str; 2],
    is_indexable: bool,
) -> Type {
    Type { schema, native, default, values, is_indexable, has_lists: true }
}

const TYPES: [Type; 20] = [
    ty("String", "", "\"it's\"", ["'a'", "'b'"], true),
    ty("String", "@db.VarChar(40)", "\"x\"", ["'a'", "'b'"], true),
    ty("String", "@db.Char(4)", "\"y\"", ["'a'", "'b'"], true),
    ty("String", "@db.Text", "\"long\"", ["'a'", "'b'"], false),
    ty("Int", "", "-3", ["1", "2"], true),
    ty("Int", "@db.SmallInt", "3", ["1", "2"], true),
    ty("Int", "", "dbgenerated(\"(1 + 2) * 3\")", ["1", "2"], true),
    ty("BigInt", "", "9007199254740993", ["1", "2"], true),
    ty("Float", "", "1.25", ["1.5", "2.5"], true),
    ty("Decimal", "@db.Decimal(10, 2)", "1.50", ["1.5", "2.5"], true),
    ty("Boolean", "", "true", ["false", "true"], true),
    ty("DateTime", "", "now()", ["'2020-01-02 03:04:05'", "'2021-01-02 03:04:05'"], true),
    ty("DateTime", "@db.Date", "\"2020-01-02T00:00:00Z\"", ["'2020-01-02'", "'2021-01-02'"], true),
    ty("DateTime", "@db.Time(3)", "\"1970-01-01T03:04:05Z\"", ["'03:04:05'", "'03:04:06'"], true),
    ty("DateTime", "@db.Timestamp(0)", "now()", ["'2020-01-02 03:04:05'", "'2021-01-02 03:04:05'"], true),
    ty("Decimal", "", "-1.5", ["1.5", "2.5"], true),
    ty("Bytes", "", "\"YWI=\"", ["'a'", "'b'"], false),
    Type { has_lists: false, ..ty("Json", "", "\"{\\\"a\\\": 1}\"", ["'{}'", "'[1]'"], false) },
    ty("E0", "", "V1", ["'V0'", "'V1'"], true),
    ty("E1", "", "V0", ["'V0'", "'V1'"], true),
];

#[derive(Debug, Clone)]
pub struct Plan {
    tables: Vec<Option<Table>>,
    links: Vec<Link>,
    /// The values of both enums; the first two are always there.
    enums: [Vec<&'static str>; 2],
    /// Which of its things have their second names, a bit for each. All say that they may have had their other ones.
    names: u64,
}

/// What may have another name: the number of its bit, and how both names begin.
#[derive(Debug, Clone, Copy)]
enum Thing {
    Table(usize),
    Column(usize, usize),
    Link(usize),
    Enum(usize),
    Value(usize, usize),
}

impl Thing {
    fn bit(self) -> usize {
        match self {
            Self::Table(place) => place,
            Self::Column(table, place) => 8 + table * COLUMNS + place,
            Self::Link(n) => 32 + n,
            Self::Enum(n) => 40 + n,
            Self::Value(n, place) => 44 + 4 * n + place,
        }
    }

    fn called(self, is_second: bool) -> String {
        let (first, second, number) = match self {
            Self::Table(n) => ("T", "R", n),
            Self::Column(_, n) => ("c", "d", n),
            Self::Link(n) => ("l", "k", n),
            Self::Enum(n) => ("E", "F", n),
            Self::Value(_, n) => ("V", "W", n),
        };
        format!("{}{number}", if is_second { second } else { first })
    }
}

#[derive(Debug, Clone)]
struct Table {
    id: u8,
    columns: Vec<Option<Column>>,
    /// Two columns, whether it is unique, and whether it is sorted downwards.
    indexes: Vec<(usize, usize, bool, bool)>,
}

#[derive(Debug, Clone)]
struct Column {
    ty: usize,
    arity: u8,
    has_default: bool,
    is_unique: bool,
}

#[derive(Debug, Clone)]
struct Link {
    from: usize,
    to: usize,
    kind: u8,
    action: u8,
}

pub fn plans() -> impl Strategy<Value = Plan> {
    let column = (0..TYPES.len(), 0..4_u8, prop::bool::weighted(0.7), prop::bool::weighted(0.15))
        .prop_map(|(ty, arity, has_default, is_unique)| Column { ty, arity, has_default, is_unique });
    let index = (0..COLUMNS, 0..COLUMNS, prop::bool::weighted(0.3), any::<bool>());
    let table = (0..6_u8, vec(prop::option::weighted(0.7, column), COLUMNS), vec(index, 0..3))
        .prop_map(|(id, columns, indexes)| Table { id, columns, indexes });
    let link =
        (0..TABLES, 0..TABLES, 0..5_u8, 0..3_u8).prop_map(|(from, to, kind, action)| Link { from, to, kind, action });
    let values = || subsequence(&VALUES[2..], 0..=2).prop_map(|more| [&VALUES[..2], &more].concat());
    let tables = vec(prop::option::weighted(0.85, table), TABLES);
    (tables, vec(link, 0..4), values(), values(), any::<u64>()).prop_map(|(tables, links, one, two, names)| Plan {
        tables,
        links,
        enums: [one, two],
        names,
    })
}

impl Table {
    /// The id, which is the column that others point to.
    fn id(&self, provider: Provider) -> &'static str {
        match self.id {
            0 => "id Int @id",
            1 => "id Int @id @default(autoincrement())",
            2 => "id BigInt @id",
            3 => "id String @id",
            4 => "id Int\n k Int @default(0)\n @@id([id, k])",
            _ if provider == Provider::Sqlite => "id BigInt @unique",
            _ => "id BigInt @unique @default(autoincrement())",
        }
    }

    /// The id of a row.
    fn row_id(&self, row: usize) -> String {
        match (self.id, row) {
            (3, row) => format!("'{row}'"),
            (_, 0) => "5".to_owned(),
            (_, row) => row.to_string(),
        }
    }

    fn id_type(&self) -> &'static str {
        match self.id {
            2 | 5 => "BigInt",
            3 => "String",
            _ => "Int",
        }
    }

    /// The columns that there are, with their places.
    fn there(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter_map(|(i, c)| Some((i, c.as_ref()?)))
    }
}

impl Column {
    fn is_list(&self, provider: Provider) -> bool {
        self.arity == 3 && provider == Provider::Postgresql && TYPES[self.ty].has_lists
    }

    fn is_indexable(&self, provider: Provider) -> bool {
        let ty = &TYPES[self.ty];
        (ty.is_indexable || provider != Provider::Mysql && ty.schema != "Json") && !self.is_list(provider)
    }

    fn modifier(&self, provider: Provider) -> &'static str {
        match self.arity {
            _ if self.is_list(provider) => "[]",
            0 | 1 => "?",
            _ => "",
        }
    }
}

impl Plan {
    fn table(&self, place: usize) -> Option<&Table> {
        self.tables.get(place)?.as_ref()
    }

    /// The links between tables that there are, numbered.
    fn links(&self) -> impl Iterator<Item = (usize, &Link, &Table, &Table)> {
        let there = |(n, link): (usize, &'_ Link)| Some((n, self.table(link.from)?, self.table(link.to)?));
        self.links.iter().enumerate().filter_map(move |(n, link)| {
            let (n, from, to) = there((n, link))?;
            // An id of two columns cannot be pointed to by one, nor a unique by an implicit table.
            let is_possible = match link.kind {
                4 => link.from != link.to && [from, to].iter().all(|t| t.id < 4),
                _ => to.id != 4,
            };
            is_possible.then_some((n, link, from, to))
        })
    }

    /// Its name.
    fn name(&self, thing: Thing, provider: Provider) -> String {
        thing.called(self.has_second_name(thing, provider))
    }

    fn has_second_name(&self, thing: Thing, provider: Provider) -> bool {
        // SQLite knows nothing of the values of an enum.
        let is_fixed = provider == Provider::Sqlite && matches!(thing, Thing::Value(..));
        !is_fixed && self.names >> thing.bit() & 1 == 1
    }

    /// `renamedFrom`, with the other name.
    fn renamed(&self, thing: Thing, suffix: &str, provider: Provider) -> String {
        format!("renamedFrom(\"{}{suffix}\")", thing.called(!self.has_second_name(thing, provider)))
    }

    /// The name of a value of an enum's type, or of anything else.
    fn value_name(&self, text: &str, ty: &Type, provider: Provider) -> String {
        let number = |text: &str| text.trim_matches('\'')[1..].parse().unwrap();
        match ty.schema {
            "E0" | "E1" => {
                let name = self.name(Thing::Value(number(ty.schema), number(text)), provider);
                text.replace(text.trim_matches('\''), &name)
            }
            _ => text.to_owned(),
        }
    }

    /// The models and enums.
    pub fn schema(&self, provider: Provider) -> String {
        let mut out = String::new();
        for (place, table) in self.tables.iter().enumerate() {
            let Some(table) = table else { continue };
            let own = Thing::Table(place);
            let _ = writeln!(out, "model {} {{\n @@{}", self.name(own, provider), self.renamed(own, "", provider));
            let _ = writeln!(out, " {}", table.id(provider));
            for (i, column) in table.there() {
                self.column(&mut out, Thing::Column(place, i), column, provider);
            }
            let mut taken: Vec<String> = Vec::new();
            for (a, b, is_unique, is_descending) in &table.indexes {
                let is_there = |c: &usize| table.columns[*c].as_ref().is_some_and(|c| c.is_indexable(provider));
                let name = |c: usize| self.name(Thing::Column(place, c), provider);
                let columns = if a == b { name(*a) } else { format!("{}, {}", name(*a), name(*b)) };
                if is_there(a) && is_there(b) && !taken.contains(&columns) && !(a == b && *is_unique) {
                    let sorted = if *is_descending { columns.clone() + "(sort: Desc)" } else { columns.clone() };
                    let _ = writeln!(out, " @@{}([{sorted}])", if *is_unique { "unique" } else { "index" });
                    taken.push(columns);
                }
            }
            for (n, link, _, to) in self.links() {
                self.link(&mut out, place, n, link, to, provider);
            }
            out.push_str("}\n");
        }
        for (i, values) in self.enums.iter().enumerate() {
            let own = Thing::Enum(i);
            let _ = writeln!(out, "enum {} {{\n @@{}", self.name(own, provider), self.renamed(own, "", provider));
            for value in values {
                let value = Thing::Value(i, value[1..].parse().unwrap());
                let _ = write!(out, " {}", self.name(value, provider));
                let renamed = format!(" @{}", self.renamed(value, "", provider));
                let _ = writeln!(out, "{}", if provider == Provider::Sqlite { "" } else { &renamed });
            }
            out.push_str("}\n");
        }
        out
    }

    fn column(&self, out: &mut String, own: Thing, column: &Column, provider: Provider) {
        let ty = &TYPES[column.ty];
        let default = match self.value_name(ty.default, ty, provider) {
            _ if !column.has_default => String::new(),
            default if column.is_list(provider) && default.ends_with(')') => " @default([])".to_owned(),
            default if column.is_list(provider) => format!(" @default([{default}])"),
            default => format!(" @default({default})"),
        };
        let unique = if column.is_unique && column.is_indexable(provider) { " @unique" } else { "" };
        let native = if provider == Provider::Sqlite { "" } else { ty.native };
        let name = match ty.schema {
            "E0" => self.name(Thing::Enum(0), provider),
            "E1" => self.name(Thing::Enum(1), provider),
            name => name.to_owned(),
        };
        let (own_name, renamed) = (self.name(own, provider), self.renamed(own, "", provider));
        let modifier = column.modifier(provider);
        let _ = writeln!(out, " {own_name} {name}{modifier}{default}{unique} {native} @{renamed}");
    }

    fn link(&self, out: &mut String, place: usize, n: usize, link: &Link, to: &Table, provider: Provider) {
        let optional = if link.kind < 2 { "?" } else { "" };
        let action = match (link.action, link.kind < 2) {
            (0, _) => "",
            (1, _) => ", onDelete: Cascade",
            (_, true) => ", onDelete: SetNull",
            (_, false) => ", onUpdate: NoAction",
        };
        let table = |place| self.name(Thing::Table(place), provider);
        if link.kind == 4 {
            for (_, other) in [(link.from, link.to), (link.to, link.from)].iter().filter(|(own, _)| *own == place) {
                let _ = writeln!(out, " m{n} {}[] @relation(\"M{n}\")", table(*other));
            }
            return;
        }
        if link.from == place {
            let unique = if link.kind == 3 { " @unique" } else { "" };
            let (name, renamed) = (self.name(Thing::Link(n), provider), self.renamed(Thing::Link(n), "Id", provider));
            let _ = writeln!(
                out,
                " {name}Id {}{optional}{unique} @{renamed}\n {name} {}{optional} @relation(\"L{n}\", fields: [{name}Id], references: [id]{action})",
                to.id_type(),
                table(link.to)
            );
        }
        if link.to == place {
            let many = if link.kind == 3 { "?" } else { "[]" };
            let _ = writeln!(out, " b{n} {}{many} @relation(\"L{n}\")", table(link.from));
        }
    }

    /// Two rows for each table that points to no other, and one that joins each two of them.
    pub fn rows(&self, provider: Provider) -> String {
        let mut out = String::new();
        for (place, table) in self.tables.iter().enumerate() {
            let Some(table) = table.as_ref().filter(|_| self.has_rows(place)) else { continue };
            let name = |i| self.name(Thing::Column(place, i), provider);
            let names: String = table.there().map(|(i, _)| format!(", {}", name(i))).collect();
            for row in 0..2 {
                let value = |column: &Column| {
                    let ty = &TYPES[column.ty];
                    let value = self.value_name(ty.values[row], ty, provider);
                    match column.is_list(provider) {
                        true => format!(", '{{{}}}'", value.replace('\'', "\"")),
                        false => format!(", {value}"),
                    }
                };
                let values: String = table.there().map(|(_, c)| value(c)).collect();
                let (table_name, id) = (self.name(Thing::Table(place), provider), table.row_id(row));
                let _ = writeln!(out, "INSERT INTO \"{table_name}\" (id{names}) VALUES ({id}{values});");
            }
        }
        for (n, link, from, to) in self.joins() {
            let [own, other] = self.ends(link, provider);
            let (a, b) = (from.row_id(0), to.row_id(1));
            let _ = writeln!(out, "INSERT INTO \"_M{n}\" (\"{own}\", \"{other}\") VALUES ({a}, {b});");
        }
        out
    }

    /// The m-n relations between tables with rows.
    fn joins(&self) -> impl Iterator<Item = (usize, &Link, &Table, &Table)> {
        let is_join = |link: &Link| link.kind == 4 && self.has_rows(link.from) && self.has_rows(link.to);
        self.links().filter(move |(_, link, ..)| is_join(link))
    }

    /// The columns of an m-n relation that hold the ids of both its tables.
    fn ends(&self, link: &Link, provider: Provider) -> [&'static str; 2] {
        let name = |place| self.name(Thing::Table(place), provider);
        if name(link.from) <= name(link.to) { ["A", "B"] } else { ["B", "A"] }
    }

    fn has_rows(&self, place: usize) -> bool {
        !self.links().any(|(_, link, ..)| link.from == place && matches!(link.kind, 2 | 3))
    }

    /// Tables with rows, and their columns that both plans have and hold the same, by the names that they have in `names`: in this
    /// plan or in the other one.
    pub fn survivors(&self, other: &Plan, names: &Plan, provider: Provider) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for place in (0..TABLES).filter(|p| self.has_rows(*p)) {
            let (Some(mine), Some(theirs)) = (self.table(place), other.table(place)) else { continue };
            for (i, a) in mine.there() {
                let is_same = |b: &Column| a.ty == b.ty && a.is_list(provider) == b.is_list(provider);
                if theirs.columns[i].as_ref().is_some_and(is_same) {
                    let name = |thing| names.name(thing, provider);
                    found.push((name(Thing::Table(place)), name(Thing::Column(place, i))));
                }
            }
        }
        for (n, link, from, to) in self.joins() {
            let is_same = |other: &(usize, &Link, &Table, &Table)| {
                let (m, their, a, b) = other;
                n == *m
                    && (their.from, their.to, their.kind) == (link.from, link.to, 4)
                    && (a.id, b.id) == (from.id, to.id)
            };
            if other.links().any(|l| is_same(&l)) {
                found.extend(names.ends(link, provider).map(|end| (format!("_M{n}"), end.to_owned())));
            }
        }
        found
    }
}
