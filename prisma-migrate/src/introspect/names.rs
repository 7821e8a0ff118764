//! Names of the schema language for names of the database.

use std::collections::HashSet;

/// A name that the language allows: a letter first, then letters, digits and `_`.
pub(super) fn allowed(name: &str, if_empty: &str) -> String {
    let trimmed = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let cleaned: String = trimmed.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if cleaned.is_empty() { if_empty.to_owned() } else { cleaned }
}

/// A name for a model or an enum.
pub(super) fn block(name: &str) -> String {
    let name = allowed(name, "Table");
    if prisma_schema::is_reserved(&name) { format!("Renamed{name}") } else { name }
}

/// The name as `@map` or `@@map` gives it, where it is another one.
pub(super) fn map(name: &str, database_name: &str) -> Option<String> {
    (name != database_name).then(|| database_name.to_owned())
}

/// The same for something that the schema had: there, the same name may have been written out.
pub(super) fn known_map(name: &str, database_name: &str, known: Option<&Option<String>>) -> Option<String> {
    map(name, database_name).or_else(|| known.cloned().flatten().filter(|k| k == database_name))
}

/// Names that are taken.
#[derive(Debug, Default)]
pub(super) struct Taken {
    names: HashSet<String>,
    /// Those that things keep which come later.
    reserved: HashSet<String>,
}

impl Taken {
    /// Where things that are still there keep these names.
    pub(super) fn reserving<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self { names: HashSet::new(), reserved: names.into_iter().map(str::to_owned).collect() }
    }

    /// Takes the name that something had, or one like it that is free.
    pub(super) fn keep(&mut self, name: &str) -> String {
        self.reserved.remove(name);
        self.take(name.to_owned())
    }

    /// Takes a name, or one like it that is free.
    pub(super) fn take(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut number = 2;
        while self.reserved.contains(&free) || !self.names.insert(free.clone()) {
            free = format!("{name}_{number}");
            number += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_database_become_names_of_the_language() {
        for (name, expected) in [
            ("users", "users"),
            ("1st-place", "st_place"),
            ("_hidden", "hidden"),
            ("straße", "stra_e"),
            ("12", "Table"),
            ("new", "Renamednew"),
            ("String", "RenamedString"),
        ] {
            assert_eq!(block(name), expected);
        }
        let mut taken = Taken::default();
        assert_eq!(["a", "a", "a"].map(|n| taken.take(n.into())), ["a", "a_2", "a_3"]);
        let mut taken = Taken::reserving(["a"]);
        assert_eq!(
            (taken.take("a".into()), taken.keep("a"), taken.keep("a")),
            ("a_2".into(), "a".into(), "a_3".into())
        );
    }
}
