//! Changes to a text, gathered first and made at once.

use crate::Span;

/// Changes to one text. Places do not overlap.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(usize, usize, String)>);

impl Edits {
    /// Puts something in the place of what stands there.
    pub(super) fn replace(&mut self, span: Span, text: &str) {
        self.0.push((span.start as usize, span.end as usize, text.to_owned()));
    }

    /// Adds whole lines behind what ends here; the line ends there, too.
    pub(super) fn add_lines(&mut self, text: &str, at: u32, lines: &str) {
        let at = at as usize;
        let is_line_end = line_rest(text, at).trim().is_empty();
        let end = if is_line_end { "" } else { "\n" };
        self.0.push((at, at, format!("\n{}{end}", lines.trim_end())));
    }

    /// Adds whole lines before what begins here.
    pub(super) fn add_lines_before(&mut self, text: &str, at: u32, lines: &str) {
        let at = at as usize;
        let is_line_start = text[..at].trim_end_matches([' ', '\t']).ends_with('\n');
        let start = if is_line_start { "" } else { "\n" };
        self.0.push((at, at, format!("{start}{lines}")));
    }

    /// Takes something away, and its line if there is nothing else on it.
    pub(super) fn remove(&mut self, text: &str, span: Span) {
        let (mut start, mut end) = (span.start as usize, span.end as usize);
        let before = &text[..start];
        let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
        let rest = line_rest(text, end);
        let is_alone = rest.trim().is_empty() && (start == indent || text[..start - indent].ends_with('\n'));
        if is_alone {
            start -= indent;
            end += rest.len();
            end += usize::from(text[end..].starts_with('\n'));
        }
        self.0.push((start, end, String::new()));
    }

    /// Whether there is nothing to change.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text after all changes.
    pub(super) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(start, ..)| *start);
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (start, end, new) in self.0 {
            out.push_str(text.get(done..start).unwrap_or_default());
            out.push_str(&new);
            done = done.max(end);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }
}

/// What stands between a place and the end of its line.
fn line_rest(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    rest.split_once('\n').map_or(rest, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span { start, end, ..Span::default() }
    }

    #[test]
    fn lines_go_as_a_whole_and_parts_of_lines_alone() {
        for (text, (start, end), left) in
            [("a\n  b \nc", (4, 5), "a\nc"), ("a { b }", (4, 5), "a {  }"), ("a", (0, 1), ""), ("a\nb", (2, 3), "a\n")]
        {
            let mut edits = Edits::default();
            edits.remove(text, span(start, end));
            assert_eq!(edits.apply(text), left, "{text:?}");
        }
    }

    #[test]
    fn what_is_added_stands_on_lines_of_its_own() {
        let text = "a { b }";
        let mut edits = Edits::default();
        edits.add_lines(text, 3, "x\n");
        edits.replace(span(4, 5), "c");
        edits.add_lines_before(text, 6, "y\n");
        assert_eq!(edits.apply(text), "a {\nx\n c \ny\n}");
    }
}
