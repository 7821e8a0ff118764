//! "Did you mean …?"

/// How many candidates are looked at: more than anybody writes, so that many mistakes in a large schema cost no more than
/// their number.
const MOST_CANDIDATES: usize = 1000;

/// The candidate that `word` was most likely meant to be, if any is close enough.
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|c| word.len().abs_diff(c.len()) <= word.len().max(c.len()) / 3)
        .map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), c))
        .filter(|(distance, c)| *distance <= word.chars().count().max(c.chars().count()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// The help text for it.
pub(crate) fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    closest(word, candidates).map(|c| format!("did you mean `{c}`?"))
}
