//! Source line, caret and help, in the shape that Rust's compiler made familiar.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Severity};

impl Diagnostics {
    /// All of them as text for people, coloured for a terminal or plain. Each is headed by `file:line:column`.
    pub fn render(&self, color: bool) -> String {
        self.diagnostics.iter().map(|d| self.render_one(d, color)).collect::<Vec<_>>().join("\n\n")
    }

    /// One of them.
    pub fn render_one(&self, diagnostic: &Diagnostic, color: bool) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let Some(source) = self.source(diagnostic) else {
            return renderer.render(&[title.elements([] as [Snippet<'_, annotate_snippets::Annotation<'_>>; 0])]);
        };
        // Only the lines concerned: the renderer walks all of the text that it is given.
        let text = source.text.as_str();
        let start = floor_boundary(text, diagnostic.span.start as usize);
        let end = floor_boundary(text, (diagnostic.span.end as usize).max(start));
        let first = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let last = text[end..].find('\n').map_or(text.len(), |i| end + i);
        let lines = text[first..last].trim_end_matches('\r');
        let length = lines.len();
        let snippet = Snippet::source(lines)
            .path(source.name.as_str())
            .line_start(self.start(diagnostic).line)
            .annotation(AnnotationKind::Primary.span((start - first).min(length)..(end - first).min(length)));
        let mut group = title.element(snippet);
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Diagnostic, Diagnostics};
    use crate::{SourceFile, SourceId, Span};

    #[test]
    fn shows_place_line_and_help() {
        let source = SourceFile::new("schema.prisma", "model A {\n  id Strng\n}\n");
        let span = Span { source: SourceId(0), start: 15, end: 20 };
        let diagnostic = Diagnostic::error(span, "the type `Strng` does not exist").with_help("did you mean `String`?");
        let text = Diagnostics::new(vec![source], vec![diagnostic]).render(false);
        insta::assert_snapshot!(text, @r"
        error[P1012]: the type `Strng` does not exist
         --> schema.prisma:2:6
          |
        2 |   id Strng
          |      ^^^^^
          |
          = help: did you mean `String`?
        ");
    }
}
