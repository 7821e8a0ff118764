//! Steps for people to read.

use std::fmt::Write;

use crate::database::{Index, IndexKind, ObjectName};
use crate::diff::{Change, ColumnChange, Step};

/// What steps come to, in one line for each change; those to one table stand together.
pub(crate) fn summary(steps: &[Step]) -> String {
    let mut out = String::new();
    let mut sections = Sections::default();
    for step in steps {
        sections.add(step);
    }
    for (title, names) in sections.lists {
        let _ = writeln!(out, "[{}] {title}", if title.starts_with("Added") { '+' } else { '-' });
        for name in names {
            let _ = writeln!(out, "  - {name}");
        }
        out.push('\n');
    }
    for (name, lines) in sections.changed {
        let _ = writeln!(out, "[*] Changed {name}");
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

#[derive(Default)]
struct Sections {
    /// What is new and what is gone, by kind.
    lists: Vec<(&'static str, Vec<String>)>,
    /// What changes, by name.
    changed: Vec<(String, Vec<String>)>,
}

impl Sections {
    fn list(&mut self, title: &'static str, name: impl ToString) {
        match self.lists.iter_mut().find(|(t, _)| *t == title) {
            Some((_, names)) => names.push(name.to_string()),
            None => self.lists.push((title, vec![name.to_string()])),
        }
    }

    fn change(&mut self, kind: &str, name: &ObjectName, line: String) {
        let name = format!("the {kind} `{name}`");
        match self.changed.iter_mut().find(|(n, _)| *n == name) {
            Some((_, lines)) => lines.push(line),
            None => self.changed.push((name, vec![line])),
        }
    }

    fn add(&mut self, step: &Step) {
        match step {
            Step::RenameEnum { from, to } => {
                self.change("enum", to, format!("[*] Renamed from `{from}`"));
            }
            Step::RenameEnumValue { name, from, to } => {
                self.change("enum", name, format!("[*] Renamed value `{from}` to `{to}`"));
            }
            Step::RenameTable { from, to } => {
                self.change("table", to, format!("[*] Renamed from `{from}`"));
            }
            Step::RenameColumn { table, from, to } => {
                self.change("table", table, format!("[*] Renamed column `{from}` to `{to}`"));
            }
            Step::CreateNamespace(name) => self.list("Added schemas", name),
            Step::AlterExtension { extension, .. } => {
                self.change("extension", &extension.name.as_str().into(), "[*] Changed version or schema".to_owned());
            }
            Step::CreateExtension(extension) => self.list("Added extensions", &extension.name),
            Step::CreateEnum(new) => self.list("Added enums", &new.name),
            Step::DropEnum { name } => self.list("Removed enums", name),
            Step::CreateTable(table) => self.list("Added tables", &table.name),
            Step::DropTable { name } => self.list("Removed tables", name),
            Step::AlterEnum(change) => {
                for value in change.added() {
                    self.change("enum", &change.to.name, format!("[+] Added value `{value}`"));
                }
                for value in change.removed() {
                    self.change("enum", &change.to.name, format!("[-] Removed value `{value}`"));
                }
            }
            Step::AlterSequence { name, .. } => {
                self.change("sequence", name, "[*] Changed its options".to_owned());
            }
            Step::DropForeignKey { table, name } => {
                self.change("table", table, format!("[-] Removed foreign key `{name}`"));
            }
            Step::AddForeignKey { table, key } => {
                let columns = key.columns.join(", ");
                self.change(
                    "table",
                    table,
                    format!("[+] Added foreign key on ({columns}) to `{}`", key.referenced_table),
                );
            }
            Step::RenameForeignKey { table, from, to } => {
                self.change("table", table, format!("[*] Renamed foreign key `{from}` to `{to}`"));
            }
            Step::RenameIndex { table, from, to } => {
                self.change("table", table, format!("[*] Renamed index `{from}` to `{to}`"));
            }
            Step::CreateIndex { table, index } => {
                self.change("table", table, format!("[+] Added {}", described(index)))
            }
            Step::DropIndex { table, index } => {
                self.change("table", table, format!("[-] Removed {}", described(index)))
            }
            Step::AlterTable(change) => {
                for line in change.changes.iter().map(altered) {
                    self.change("table", &change.table, line);
                }
            }
            Step::RedefineTable { to, .. } => {
                self.change("table", &to.name, "[*] Made anew, with its rows".to_owned());
            }
        }
    }
}

fn described(index: &Index) -> String {
    let kind = match index.kind {
        IndexKind::Unique => "unique index",
        IndexKind::Normal => "index",
        IndexKind::Fulltext => "fulltext index",
    };
    format!("{kind} `{}` on ({})", index.name, index.column_names().join(", "))
}

fn altered(change: &Change) -> String {
    match change {
        Change::DropPrimaryKey(key) => format!("[-] Removed primary key on ({})", key.column_names().join(", ")),
        Change::AddPrimaryKey(key) => format!("[+] Added primary key on ({})", key.column_names().join(", ")),
        Change::RenamePrimaryKey { from, to } => format!("[*] Renamed primary key `{from}` to `{to}`"),
        Change::DropColumn(column) => format!("[-] Removed column `{}`", column.name),
        Change::AddColumn(column) => format!("[+] Added column `{}` ({})", column.name, column.data_type),
        Change::DropIndex(index) => format!("[-] Removed {}", described(index)),
        Change::AddIndex(index) => format!("[+] Added {}", described(index)),
        Change::AlterColumn(change) => format!("[*] Changed column `{}` ({})", change.to.name, what_changes(change)),
    }
}

fn what_changes(change: &ColumnChange) -> String {
    let mut parts = Vec::new();
    if change.has_new_type {
        parts.push(format!("type from {} to {}", change.from.data_type, change.to.data_type));
    }
    if change.becomes_required() {
        parts.push("required".to_owned());
    }
    if change.becomes_optional() {
        parts.push("optional".to_owned());
    }
    if change.has_new_default {
        parts.push("default".to_owned());
    }
    if change.has_new_autoincrement {
        parts.push("autoincrement".to_owned());
    }
    parts.join(", ")
}
