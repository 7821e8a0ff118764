//! New names in SQL that a database has written out.

/// What a name in SQL is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOf {
    /// A table or a column.
    Relation,
    /// A type, which stands behind `::`.
    Type,
}

/// SQL in which something has another name. Texts and the names of functions are left as they are.
pub(crate) fn rename(sql: &str, of: NameOf, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    let mut is_cast = false;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '\'' | '"' => quoted_end(rest, c),
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len())
            }
            ':' if rest.starts_with("::") => 2,
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(end);
        let is_name = c == '"' || c.is_alphabetic() || c == '_';
        let name = piece.strip_prefix('"').and_then(|p| p.strip_suffix('"')).map(|p| p.replace("\"\"", "\""));
        let is_meant = is_name
            && name.as_deref().unwrap_or(piece) == from
            && is_cast == (of == NameOf::Type)
            && !(c != '"' && after.starts_with('('));
        match is_meant {
            true => out.push_str(&format!("\"{}\"", to.replace('"', "\"\""))),
            false => out.push_str(piece),
        }
        // Behind the name of a schema stands the name of its type.
        is_cast = piece == "::" || is_cast && (after.starts_with('.') || piece == ".");
        rest = after;
    }
    out
}

/// Where what stands in quotes ends; doubled quotes are part of it.
fn quoted_end(sql: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(found) = sql[at..].find(quote) {
        at += found + 1;
        if !sql[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    sql.len()
}

#[cfg(test)]
mod tests {
    use super::{NameOf, rename};

    #[test]
    fn names_are_told_from_texts_types_and_functions() {
        for (sql, of, expected) in [
            ("(role = 'role'::role)", NameOf::Relation, "(\"new\"\"\" = 'role'::role)"),
            ("(role = 'role'::role)", NameOf::Type, "(role = 'role'::\"new\"\"\")"),
            (
                "x = ANY (ARRAY['a'::s.role, 'it''s role'::\"role\"])",
                NameOf::Type,
                "x = ANY (ARRAY['a'::s.\"new\"\"\", 'it''s role'::\"new\"\"\"])",
            ),
            (
                "CREATE INDEX i ON s.\"role\" USING btree (role(a), roles)",
                NameOf::Relation,
                "CREATE INDEX i ON s.\"new\"\"\" USING btree (role(a), roles)",
            ),
            ("'open", NameOf::Relation, "'open"),
            ("é::", NameOf::Relation, "é::"),
        ] {
            assert_eq!(rename(sql, of, "role", "new\""), expected);
        }
    }
}
