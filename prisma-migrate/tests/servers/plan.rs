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

const TYPES: [Type; 14] = [
    ty("String", "", "\"it's\"", ["'a'", "'b'"], true),
    ty("String", "@db.VarChar(40)", "\"x\"", ["'a'", "'b'"], true),
    ty("String", "@db.Char(4)", "\"y\"", ["'a'", "'b'"], true),
    ty("String", "@db.Text", "\"long\"", ["'a'", "'b'"], false),
    ty("Int", "", "-3", ["1", "2"], true),
    ty("Int", "@db.SmallInt", "3", ["1", "2"], true),
    ty("BigInt", "", "9007199254740993", ["1", "2"], true),
    ty("Float", "", "1.25", ["1.5", "2.5"], true),
    ty("Decimal", "@db.Decimal(10, 2)", "1.50", ["1.5", "2.5"], true),
    ty("Boolean", "", "true", ["false", "true"], true),
    ty("DateTime", "", "now()", ["'2020-01-02 03:04:05'", "'2021-01-02 03:04:05'"], true),
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
    (tables, vec(link, 0..4), values(), values()).prop_map(|(tables, links, one, two)| Plan {
        tables,
        links,
        enums: [one, two],
    })
}

impl Table {
    fn id_type(&self) -> &'static str {
        match self.id {
            2 | 5 => "BigInt",
            3 => "String",
            _ => "Int",
        }
    }

    /// The columns that there are, with their names.
    fn named(&self) -> impl Iterator<Item = (String, &Column)> {
        self.columns.iter().enumerate().filter_map(|(i, c)| Some((format!("c{i}"), c.as_ref()?)))
    }
}

impl Column {
    fn is_list(&self, provider: Provider) -> bool {
        self.arity == 3 && provider == Provider::Postgresql && TYPES[self.ty].has_lists
    }

    fn is_indexable(&self, provider: Provider) -> bool {
        let ty = &TYPES[self.ty];
        (ty.is_indexable || provider == Provider::Postgresql && ty.schema != "Json") && !self.is_list(provider)
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

    /// The models and enums.
    pub fn schema(&self, provider: Provider) -> String {
        let mut out = String::new();
        for (place, table) in self.tables.iter().enumerate() {
            let Some(table) = table else { continue };
            let _ = writeln!(out, "model T{place} {{");
            let id = match table.id {
                0 => "id Int @id",
                1 => "id Int @id @default(autoincrement())",
                2 => "id BigInt @id",
                3 => "id String @id",
                4 => "id Int\n k Int @default(0)\n @@id([id, k])",
                _ => "id BigInt @unique @default(autoincrement())",
            };
            let _ = writeln!(out, " {id}");
            for (name, column) in table.named() {
                let ty = &TYPES[column.ty];
                let default = match ty.default {
                    _ if !column.has_default => String::new(),
                    "now()" if column.is_list(provider) => " @default([])".to_owned(),
                    default if column.is_list(provider) => format!(" @default([{default}])"),
                    default => format!(" @default({default})"),
                };
                let unique = if column.is_unique && column.is_indexable(provider) { " @unique" } else { "" };
                let _ =
                    writeln!(out, " {name} {}{}{default}{unique} {}", ty.schema, column.modifier(provider), ty.native);
            }
            let mut taken: Vec<String> = Vec::new();
            for (a, b, is_unique, is_descending) in &table.indexes {
                let is_there = |c: &usize| table.columns[*c].as_ref().is_some_and(|c| c.is_indexable(provider));
                let columns = if a == b { format!("c{a}") } else { format!("c{a}, c{b}") };
                if is_there(a) && is_there(b) && !taken.contains(&columns) && !(a == b && *is_unique) {
                    let sorted = if *is_descending { columns.clone() + "(sort: Desc)" } else { columns.clone() };
                    let _ = writeln!(out, " @@{}([{sorted}])", if *is_unique { "unique" } else { "index" });
                    taken.push(columns);
                }
            }
            for (n, link, _, to) in self.links() {
                let optional = if link.kind < 2 { "?" } else { "" };
                let action = match (link.action, link.kind < 2) {
                    (0, _) => "",
                    (1, _) => ", onDelete: Cascade",
                    (_, true) => ", onDelete: SetNull",
                    (_, false) => ", onUpdate: NoAction",
                };
                if link.kind == 4 {
                    for (_, other) in
                        [(link.from, link.to), (link.to, link.from)].iter().filter(|(own, _)| *own == place)
                    {
                        let _ = writeln!(out, " m{n} T{other}[] @relation(\"M{n}\")");
                    }
                    continue;
                }
                if link.from == place {
                    let unique = if link.kind == 3 { " @unique" } else { "" };
                    let _ = writeln!(
                        out,
                        " l{n}Id {}{optional}{unique}\n l{n} T{}{optional} @relation(\"L{n}\", fields: [l{n}Id], references: [id]{action})",
                        to.id_type(),
                        link.to
                    );
                }
                if link.to == place {
                    let _ = writeln!(
                        out,
                        " b{n} T{}{} @relation(\"L{n}\")",
                        link.from,
                        if link.kind == 3 { "?" } else { "[]" }
                    );
                }
            }
            out.push_str("}\n");
        }
        for (i, values) in self.enums.iter().enumerate() {
            let _ = writeln!(out, "enum E{i} {{\n {}\n}}", values.join("\n "));
        }
        out
    }

    /// Two rows for each table that points to no other.
    pub fn rows(&self, provider: Provider) -> String {
        let mut out = String::new();
        for (place, table) in self.tables.iter().enumerate() {
            let Some(table) = table else { continue };
            if !self.has_rows(place) {
                continue;
            }
            let names: String = table.named().map(|(name, _)| format!(", {name}")).collect();
            for row in 0..2 {
                let value = |column: &Column| match TYPES[column.ty].values[row] {
                    value if column.is_list(provider) => format!(", '{{{}}}'", value.replace('\'', "\"")),
                    value => format!(", {value}"),
                };
                let values: String = table.named().map(|(_, c)| value(c)).collect();
                let id = if table.id == 3 { format!("'{row}'") } else { row.to_string() };
                let id = if id == "0" { "5".to_owned() } else { id };
                let _ = writeln!(out, "INSERT INTO \"T{place}\" (id{names}) VALUES ({id}{values});");
            }
        }
        out
    }

    fn has_rows(&self, place: usize) -> bool {
        !self.links().any(|(_, link, ..)| link.from == place && matches!(link.kind, 2 | 3))
    }

    /// Tables with rows, and their columns that both plans have and hold the same.
    pub fn survivors(&self, other: &Plan, provider: Provider) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for place in (0..TABLES).filter(|p| self.has_rows(*p)) {
            let (Some(mine), Some(theirs)) = (self.table(place), other.table(place)) else { continue };
            for ((name, a), b) in mine.named().filter_map(|(name, a)| {
                let place: usize = name[1..].parse().ok()?;
                Some(((name, a), theirs.columns[place].as_ref()?))
            }) {
                if a.ty == b.ty && a.is_list(provider) == b.is_list(provider) {
                    found.push((format!("T{place}"), name));
                }
            }
        }
        found
    }
}
