//! How names of the schema are spelled in Rust.

use proc_macro2::{Ident, Span};

/// `authorId` → `author_id`: fields, modules, accessors.
pub(super) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().map(|c| if c == '-' { '_' } else { c }).collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        if c.is_uppercase() && i > 0 {
            let before = chars[i - 1];
            let word_ends = before.is_lowercase() || before.is_numeric();
            let acronym_ends = before.is_uppercase() && chars.get(i + 1).is_some_and(|n| n.is_lowercase());
            if word_ends || acronym_ends {
                out.push('_');
            }
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// `blog_post` → `BlogPost`, `HTTPLog` stays: records, enums, type parameters.
pub(super) fn camel(name: &str) -> String {
    words(name).map(capitalize).collect()
}

/// `SUPER_ADMIN` → `SuperAdmin`, `superAdmin` too: values of enums.
pub(super) fn variant(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return camel(name);
    }
    words(name).map(|word| capitalize(&word.to_lowercase())).collect()
}

/// The name that a type for something of this name has.
pub(crate) fn type_name(name: &str) -> String {
    camel(name)
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['_', '-']).filter(|word| !word.is_empty())
}

fn capitalize(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The name as an identifier: keywords become raw ones. `None` if Rust cannot spell it at all.
pub(super) fn identifier(name: &str, span: Span) -> Option<Ident> {
    if KEYWORDS.contains(&name) {
        return Some(Ident::new_raw(name, span));
    }
    if matches!(name, "self" | "super" | "crate" | "Self" | "_") {
        return Some(Ident::new(&format!("{name}_"), span));
    }
    // What is not ASCII is for the parser to judge.
    let ascii =
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !name.starts_with(|c: char| c.is_ascii_digit());
    if !name.is_empty() && (ascii || syn::parse_str::<syn::Ident>(name).is_ok()) {
        return Some(Ident::new(name, span));
    }
    None
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_modules() {
        for (schema, rust) in [
            ("authorId", "author_id"),
            ("BlogPost", "blog_post"),
            ("HTTPServer", "http_server"),
            ("userID", "user_id"),
            ("address2Line", "address2_line"),
            ("created_at", "created_at"),
            ("with-dash", "with_dash"),
            ("URL", "url"),
        ] {
            assert_eq!(snake(schema), rust);
        }
    }

    #[test]
    fn types_and_values() {
        for (schema, rust) in [("blog_post", "BlogPost"), ("user", "User"), ("HTTPLog", "HTTPLog")] {
            assert_eq!(camel(schema), rust);
        }
        for (schema, rust) in
            [("SUPER_ADMIN", "SuperAdmin"), ("USER", "User"), ("superAdmin", "SuperAdmin"), ("a1", "A1")]
        {
            assert_eq!(variant(schema), rust);
        }
    }

    #[test]
    fn keywords() {
        let spell = |name| identifier(name, Span::call_site()).map(|i| i.to_string());
        assert_eq!(spell("type").as_deref(), Some("r#type"));
        assert_eq!(spell("self").as_deref(), Some("self_"));
        assert_eq!(spell("größe").as_deref(), Some("größe"));
        assert_eq!(spell("1a"), None);
    }
}
