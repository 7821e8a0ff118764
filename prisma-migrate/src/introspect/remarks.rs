//! What tables have that no schema can say.

use super::Builder;
use super::models::add_documentation;

impl Builder<'_> {
    /// Warns of it; in the documentation of models that are new, it is said too.
    pub(super) fn remarks(&mut self) {
        for at in 0..self.tables.len() {
            let table = self.tables[at];
            let mut all: Vec<&str> =
                self.database.remarks.iter().filter(|r| r.table == table.name).map(|r| r.what.as_str()).collect();
            all.sort_unstable();
            if all.is_empty() {
                continue;
            }
            let all = all.join(", ");
            self.warnings.push(format!("the table `{}` has what no schema can say: {all}", table.name));
            if self.known.model(&table.name).is_none() {
                let text =
                    format!("The table has what no schema can say, so that migrations need it written by hand: {all}.");
                add_documentation(&mut self.schema.models[at], &text);
            }
        }
    }
}
