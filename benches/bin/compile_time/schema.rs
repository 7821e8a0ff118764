//! The shapes of the schemas, and their text as a schema and as plain structs.

use std::fmt::Write as _;

/// A schema without its text: how many models there are, how many columns, and which of them point where.
#[derive(Clone)]
pub struct Shape {
    pub name: String,
    pub description: String,
    pub models: Vec<ModelShape>,
}

#[derive(Clone)]
pub struct ModelShape {
    /// Columns, the key and the keys of relations among them.
    pub columns: usize,
    /// The models that this one belongs to; each gets a list of this one.
    pub owners: Vec<usize>,
}

/// The types of the columns after the key, in turn: in the schema, in Rust.
const COLUMNS: [(&str, &str); 9] = [
    ("String", "String"),
    ("String?", "Option<String>"),
    ("Int @default(0)", "i32"),
    ("Boolean @default(false)", "bool"),
    ("String", "String"),
    ("DateTime @default(now())", "DateTime<Utc>"),
    ("Float?", "Option<f64>"),
    ("BigInt?", "Option<i64>"),
    ("DateTime?", "Option<DateTime<Utc>>"),
];

impl Shape {
    /// Models with 12 columns and 4 relations each: two that they belong to, two lists.
    pub fn even(models: usize) -> Self {
        let model = |i| ModelShape { columns: 12, owners: vec![(i + 1) % models, (i + 2) % models] };
        Self {
            name: format!("models-{models}"),
            description: format!("{models} models, 12 columns and 4 relations each"),
            models: (0..models).map(model).collect(),
        }
    }

    /// 302 models with 972 relations; one model has 30 columns and is at the other end of 165 relations.
    pub fn lopsided() -> Self {
        const MODELS: usize = 302;
        let mut models: Vec<_> = (0..MODELS).map(|_| ModelShape { columns: 0, owners: Vec::new() }).collect();
        for model in &mut models[1..=165] {
            model.owners.push(0);
        }
        for relation in 0..972 - 165 {
            let from = relation % (MODELS - 1);
            let to = (from + 1 + 7 * (relation / (MODELS - 1))) % (MODELS - 1);
            models[from + 1].owners.push(to + 1);
        }
        for model in &mut models {
            model.columns = 9 + model.owners.len();
        }
        models[0].columns = 30;
        Self {
            name: "lopsided".to_owned(),
            description: "302 models, 972 relations, 165 of them of one model".to_owned(),
            models,
        }
    }

    /// The lists of a model: the model that belongs to it, and which of that one's owners it is.
    fn lists(&self, of: usize) -> impl Iterator<Item = (usize, usize)> {
        let all = self.models.iter().enumerate();
        all.flat_map(|(i, m)| m.owners.iter().enumerate().map(move |(k, &owner)| (i, k, owner)))
            .filter(move |(.., owner)| *owner == of)
            .map(|(i, k, _)| (i, k))
    }

    fn columns(&self, of: usize) -> impl Iterator<Item = (usize, (&'static str, &'static str))> {
        let count = self.models[of].columns - 1 - self.models[of].owners.len();
        (0..count).map(|c| (c, COLUMNS[c % COLUMNS.len()]))
    }

    /// As `schema.prisma`.
    pub fn prisma(&self) -> String {
        let mut out =
            String::from("datasource db {\n  provider = \"sqlite\"\n  url      = \"file:compile-time.db\"\n}\n");
        for (i, model) in self.models.iter().enumerate() {
            writeln!(out, "\nmodel Model{i} {{\n  id Int @id @default(autoincrement())").unwrap();
            for (c, (ty, _)) in self.columns(i) {
                writeln!(out, "  column{c} {ty}").unwrap();
            }
            for (k, owner) in model.owners.iter().enumerate() {
                // The first owner is required.
                let mark = if k == 0 { "" } else { "?" };
                writeln!(out, "  owner{k}Id Int{mark}").unwrap();
                writeln!(
                    out,
                    "  owner{k} Model{owner}{mark} @relation(\"m{i}o{k}\", fields: [owner{k}Id], references: [id])"
                )
                .unwrap();
            }
            for (other, k) in self.lists(i) {
                writeln!(out, "  list{other}x{k} Model{other}[] @relation(\"m{other}o{k}\")").unwrap();
            }
            out.push_str("}\n");
        }
        out
    }

    /// As plain structs that derive serde.
    pub fn structs(&self) -> String {
        let mut out = String::from("use chrono::{DateTime, Utc};\nuse serde::{Deserialize, Serialize};\n");
        for (i, model) in self.models.iter().enumerate() {
            writeln!(out, "\n#[derive(Serialize, Deserialize)]\npub struct Model{i} {{\n    pub id: i32,").unwrap();
            for (c, (_, ty)) in self.columns(i) {
                writeln!(out, "    pub column{c}: {ty},").unwrap();
            }
            for (k, owner) in model.owners.iter().enumerate() {
                let key = if k == 0 { "i32" } else { "Option<i32>" };
                writeln!(out, "    pub owner{k}_id: {key},\n    pub owner{k}: Option<Box<Model{owner}>>,").unwrap();
            }
            for (other, k) in self.lists(i) {
                writeln!(out, "    pub list{other}x{k}: Vec<Model{other}>,").unwrap();
            }
            out.push_str("}\n");
        }
        out
    }

    /// Which models' queries stand together in one file.
    pub fn query_files(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let models = self.models.len();
        (0..models).step_by(5).map(move |from| from..(from + 5).min(models))
    }

    /// Queries of some models. `variant` is a number that stands in one of them.
    pub fn queries(&self, of: std::ops::Range<usize>, variant: usize) -> String {
        let mut out = String::from("use prisma_client::Error;\n\nuse crate::*;\n");
        for i in of {
            let (m, owner) = (format!("model{i}"), self.models[i].owners.first());
            let include = owner.map_or_else(String::new, |_| format!(".include({m}::owner0)"));
            write!(
                out,
                "
pub async fn list_{m}(db: &PrismaClient) -> Result<usize, Error> {{
    let rows = db
        .{m}()
        .find_many()
        .filter({m}::column0.contains(\"a\") & ({m}::column2.gt({variant}) | {m}::column1.is_null()))
        .order_by({m}::id.desc()){include}
        .take(10)
        .await?;
    Ok(rows.iter().map(|row| row.column0.len()).sum())
}}
"
            )
            .unwrap();
            let connect = owner.map_or_else(String::new, |owner| format!(".owner0(model{owner}::id.eq(1))"));
            let required: String = self
                .columns(i)
                .filter(|(_, (ty, _))| *ty == "String")
                .map(|(c, _)| format!(".column{c}(\"text\")"))
                .collect();
            write!(
                out,
                "
pub async fn create_{m}(db: &PrismaClient) -> Result<i32, Error> {{
    let row = db.{m}().create({m}::create(){required}{connect}).await?;
    db.{m}().update({m}::id.eq(row.id), {m}::column2.increment({variant})).await?;
    Ok(row.id)
}}
"
            )
            .unwrap();
        }
        out
    }

    /// The same number of functions over the plain structs.
    pub fn serde_queries(&self, of: std::ops::Range<usize>, variant: usize) -> String {
        let mut out = String::from("use serde_json::Error;\n\nuse crate::*;\n");
        for i in of {
            write!(
                out,
                "
pub fn list_model{i}(text: &str) -> Result<usize, Error> {{
    let rows: Vec<Model{i}> = serde_json::from_str(text)?;
    Ok(rows.iter().filter(|row| row.column2 > {variant}).map(|row| row.column0.len()).sum())
}}

pub fn create_model{i}(row: &Model{i}) -> Result<String, Error> {{
    serde_json::to_string(row)
}}
"
            )
            .unwrap();
        }
        out
    }
}
