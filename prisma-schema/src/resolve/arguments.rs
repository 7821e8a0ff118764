//! Reading the arguments of attributes, functions and properties.

use crate::Span;
use crate::diagnostics::Diagnostic;
use crate::suggest::did_you_mean;
use crate::syntax::{Argument, Attribute, Expression, ExpressionKind};

/// The arguments of one attribute (or function), each to be taken once; [`Arguments::finish`] reports what is left.
pub(super) struct Arguments<'t> {
    owner: Owner<'t>,
    arguments: &'t [Argument<'t>],
    /// A bit for each; there are never more arguments with a meaning than bits.
    taken: u32,
    known: [&'static str; MOST_KNOWN],
    known_count: usize,
}

/// More than any attribute or function has.
const MOST_KNOWN: usize = 8;

/// What has the arguments; its name is put together for messages only.
enum Owner<'t> {
    Attribute(&'t Attribute<'t>),
    Named(String),
}

impl std::fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Attribute(attribute) => f.write_str(&attribute.display_name()),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl<'t> Arguments<'t> {
    pub(super) fn of(attribute: &'t Attribute<'t>) -> Self {
        Self::owned(Owner::Attribute(attribute), attribute.arguments())
    }

    pub(super) fn new(owner: impl Into<String>, arguments: &'t [Argument<'t>]) -> Self {
        Self::owned(Owner::Named(owner.into()), arguments)
    }

    fn owned(owner: Owner<'t>, arguments: &'t [Argument<'t>]) -> Self {
        Self { owner, arguments, taken: 0, known: [""; MOST_KNOWN], known_count: 0 }
    }

    fn know(&mut self, name: &'static str) {
        if let Some(slot) = self.known.get_mut(self.known_count) {
            *slot = name;
            self.known_count += 1;
        }
    }

    fn known(&self) -> &[&'static str] {
        self.known.get(..self.known_count).unwrap_or_default()
    }

    fn is_taken(&self, i: usize) -> bool {
        i < u32::BITS as usize && self.taken & (1 << i) != 0
    }

    /// The argument called `name`.
    pub(super) fn named(&mut self, name: &'static str, sink: &mut Vec<Diagnostic>) -> Option<&'t Expression<'t>> {
        self.know(name);
        self.take(|a| a.name.as_ref().is_some_and(|n| n.text == name), sink)
    }

    /// The argument called `name`, or without a name.
    pub(super) fn positional(&mut self, name: &'static str, sink: &mut Vec<Diagnostic>) -> Option<&'t Expression<'t>> {
        self.know(name);
        self.take(|a| a.name.as_ref().is_none_or(|n| n.text == name), sink)
    }

    fn take(
        &mut self,
        matches: impl Fn(&Argument<'_>) -> bool,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<&'t Expression<'t>> {
        let candidates = self.arguments.iter().enumerate().take(u32::BITS as usize);
        let (i, _) = candidates.into_iter().find(|(i, argument)| !self.is_taken(*i) && matches(argument))?;
        self.taken |= 1 << i;
        let argument = &self.arguments[i];
        if argument.value.is_none() {
            let name = argument.name.as_ref().map_or("", |n| n.text);
            let message = format!("the argument `{name}` of `{}` has no value", self.owner);
            sink.push(Diagnostic::error(argument.span, message));
        }
        argument.value.as_ref()
    }

    /// Reports the arguments that nobody asked for.
    pub(super) fn finish(self, sink: &mut Vec<Diagnostic>) {
        for (i, argument) in self.arguments.iter().enumerate() {
            if self.is_taken(i) {
                continue;
            }
            let owner = &self.owner;
            sink.push(match &argument.name {
                Some(name) if self.known().contains(&name.text) => Diagnostic::error(
                    argument.span,
                    format!("the argument `{}` of `{owner}` is given twice", name.text),
                ),
                Some(name) => Diagnostic::error(argument.span, format!("`{owner}` has no argument `{}`", name.text))
                    .with_help_if(did_you_mean(name.text, self.known().iter().copied()).or_else(|| self.list())),
                None => Diagnostic::error(argument.span, format!("`{owner}` does not take this argument"))
                    .with_help_if(self.list()),
            });
        }
    }

    fn list(&self) -> Option<String> {
        if self.known().is_empty() {
            return Some("it takes no arguments".to_owned());
        }
        Some(match self.known() {
            [one] => format!("its one argument is `{one}`"),
            known => format!("its arguments are {}", quoted_list(known.iter().copied())),
        })
    }
}

/// What there is to choose from: "there are `a`, `b`".
pub(crate) fn choices<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    match names.as_slice() {
        [one] => format!("there is only `{one}`"),
        _ => format!("there are {}", quoted_list(names)),
    }
}

/// `` `a`, `b`, `c` ``
pub(crate) fn quoted_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

fn wrong_kind(value: &Expression<'_>, wanted: &str, sink: &mut Vec<Diagnostic>) {
    sink.push(Diagnostic::error(value.span, format!("{wanted} must stand here, not a {}", value.noun())));
}

/// A string.
pub(super) fn string<'t>(value: &'t Expression<'t>, sink: &mut Vec<Diagnostic>) -> Option<&'t str> {
    match &value.kind {
        ExpressionKind::String(text) => Some(text),
        _ => {
            wrong_kind(value, "a string", sink);
            None
        }
    }
}

/// A name without quotes.
pub(super) fn constant<'t>(value: &'t Expression<'t>, sink: &mut Vec<Diagnostic>) -> Option<&'t str> {
    match &value.kind {
        ExpressionKind::Constant(text) => Some(text),
        ExpressionKind::String(text) => {
            sink.push(
                Diagnostic::error(value.span, "a name without quotes must stand here")
                    .with_help(format!("write `{text}`")),
            );
            None
        }
        _ => {
            wrong_kind(value, "a name", sink);
            None
        }
    }
}

/// `true` or `false`.
pub(super) fn boolean(value: &Expression<'_>, sink: &mut Vec<Diagnostic>) -> Option<bool> {
    match &value.kind {
        ExpressionKind::Constant(text) if *text == "true" => Some(true),
        ExpressionKind::Constant(text) if *text == "false" => Some(false),
        _ => {
            wrong_kind(value, "`true` or `false`", sink);
            None
        }
    }
}

/// A whole number.
pub(super) fn integer<N: std::str::FromStr>(value: &Expression<'_>, sink: &mut Vec<Diagnostic>) -> Option<N> {
    match &value.kind {
        ExpressionKind::Number(text) => {
            let number = text.parse().ok();
            if number.is_none() {
                sink.push(Diagnostic::error(
                    value.span,
                    format!("`{text}` is no whole number in the range allowed here"),
                ));
            }
            number
        }
        _ => {
            wrong_kind(value, "a whole number", sink);
            None
        }
    }
}

/// The elements of a list; a single value is a list of one.
pub(super) fn elements<'t>(value: &'t Expression<'t>) -> &'t [Expression<'t>] {
    match &value.kind {
        ExpressionKind::Array(elements) => elements,
        _ => std::slice::from_ref(value),
    }
}

/// A string that is not empty.
pub(super) fn non_empty<'t>(
    value: &'t Expression<'t>,
    owner: &str,
    argument: &str,
    sink: &mut Vec<Diagnostic>,
) -> Option<&'t str> {
    let text = string(value, sink)?;
    if text.is_empty() {
        sink.push(Diagnostic::error(value.span, format!("the argument `{argument}` of `{owner}` is empty")));
        return None;
    }
    Some(text)
}

/// One of a few names, by a function that knows them.
pub(super) fn one_of<T>(
    value: &Expression<'_>,
    what: &str,
    names: &[&str],
    parse: impl Fn(&str) -> Option<T>,
    sink: &mut Vec<Diagnostic>,
) -> Option<T> {
    let text = constant(value, sink)?;
    let parsed = parse(text);
    if parsed.is_none() {
        sink.push(unknown(value.span, what, text, names));
    }
    parsed
}

/// An unknown name, with a suggestion or the names that exist.
pub(super) fn unknown(span: Span, what: &str, text: &str, names: &[&str]) -> Diagnostic {
    let help = did_you_mean(text, names.iter().copied())
        .or_else(|| (!names.is_empty()).then(|| choices(names.iter().copied())));
    Diagnostic::error(span, format!("there is no {what} `{text}`")).with_help_if(help)
}
