//! Lines in columns.

/// A line of a block.
enum Row {
    /// Aligned with its neighbours.
    Columns { cells: Vec<String>, trailing: String },
    /// As it is.
    Text(String),
}

/// Lines whose columns are as wide as their widest cell.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Adds a line of cells, and what follows the last of them.
    pub(super) fn row(&mut self, cells: Vec<String>, trailing: String) {
        self.rows.push(Row::Columns { cells, trailing });
    }

    /// Adds a line that takes no part in the alignment.
    pub(super) fn text(&mut self, text: String) {
        self.rows.push(Row::Text(text));
    }

    /// Writes all lines, and is empty afterwards.
    pub(super) fn flush(&mut self, out: &mut String) {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            let Row::Columns { cells, .. } = row else {
                continue;
            };
            for (i, cell) in cells.iter().enumerate() {
                let width = cell.chars().count();
                match widths.get_mut(i) {
                    Some(widest) => *widest = width.max(*widest),
                    None => widths.push(width),
                }
            }
        }
        for row in self.rows.drain(..) {
            out.push_str("  ");
            match row {
                Row::Text(text) => out.push_str(&text),
                Row::Columns { cells, trailing } => {
                    let last = cells.iter().rposition(|c| !c.is_empty()).unwrap_or(0);
                    for (i, (cell, width)) in cells.iter().zip(&widths).enumerate().take(last + 1) {
                        out.push_str(cell);
                        if i < last {
                            out.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 1));
                        }
                    }
                    if !trailing.is_empty() {
                        out.push(' ');
                        out.push_str(&trailing);
                    }
                }
            }
            out.push('\n');
        }
    }
}
