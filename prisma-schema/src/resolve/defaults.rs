//! `@default`.

use super::Resolver;
use super::arguments::{self, Arguments};
use super::fields::Owner;
use crate::diagnostics::Diagnostic;
use crate::suggest::did_you_mean;
use crate::syntax::{self, Argument, Attribute, Expression, ExpressionKind, Ident};
use crate::{DefaultFunction, DefaultValue, Literal, ScalarType};

const FUNCTIONS: [&str; 9] =
    ["autoincrement", "now", "uuid", "cuid", "ulid", "nanoid", "dbgenerated", "auto", "sequence"];

/// Lengths that `nanoid` takes.
const NANOID_LENGTHS: std::ops::RangeInclusive<i64> = 2..=255;

/// A field in messages.
#[derive(Clone, Copy)]
struct Place<'a> {
    field: &'a str,
    owner: &'a str,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` of `{}`", self.field, self.owner)
    }
}

impl<'t> Resolver<'t> {
    pub(super) fn default(
        &mut self,
        owner: Owner<'t>,
        field: &'t syntax::Field<'t>,
        ty: &ScalarType,
        attribute: &'t Attribute<'t>,
    ) -> (Option<DefaultValue>, Option<String>) {
        let mut arguments = Arguments::of(attribute);
        let value = arguments.positional("value", &mut self.sink);
        let map = arguments.named("map", &mut self.sink);
        arguments.finish(&mut self.sink);
        let map = map.and_then(|m| arguments::non_empty(m, "@default", "map", &mut self.sink)).map(str::to_owned);
        (self.default_value(owner, field, ty, attribute, value), map)
    }

    fn default_value(
        &mut self,
        owner: Owner<'t>,
        field: &'t syntax::Field<'t>,
        ty: &ScalarType,
        attribute: &'t Attribute<'t>,
        value: Option<&'t Expression<'t>>,
    ) -> Option<DefaultValue> {
        let Some(value) = value else {
            if attribute.arguments().iter().all(|a| a.value.is_some()) {
                self.error(attribute.span, format!("the `@default` of `{}` has no value", field.name.text));
            }
            return None;
        };
        let place = Place { field: field.name.text, owner: owner.name };
        match &value.kind {
            ExpressionKind::Function(name, args) => {
                self.default_function(value, name, args).map(DefaultValue::Function)
            }
            ExpressionKind::Array(elements) => {
                if !Self::is_list(field) {
                    self.error(value.span, format!("the default of {place} is a list, but the field is none"));
                    return None;
                }
                let literals: Vec<_> = elements.iter().filter_map(|e| self.literal(place, ty, e)).collect();
                (literals.len() == elements.len()).then_some(DefaultValue::List(literals))
            }
            _ if Self::is_list(field) => {
                let error =
                    Diagnostic::error(value.span, format!("the default of {place} is no list, but the field is one"));
                self.sink.push(error.with_help("put the value in brackets: `@default([…])`"));
                None
            }
            _ => self.literal(place, ty, value).map(DefaultValue::Literal),
        }
    }

    fn literal(&mut self, place: Place<'_>, ty: &ScalarType, value: &'t Expression<'t>) -> Option<Literal> {
        let literal = match (ty, &value.kind) {
            (ScalarType::Enum(id), ExpressionKind::Constant(name)) => {
                let data = &self.schema.enums[id.0 as usize];
                if self.tree.enum_values[id.0 as usize].contains(name) {
                    return Some(Literal::EnumValue((*name).to_owned()));
                }
                let help = did_you_mean(name, data.values.iter().map(|v| v.name.as_str()));
                let message =
                    format!("the default of {place} is `{name}`, which is no value of the enum `{}`", data.name);
                self.sink.push(Diagnostic::error(value.span, message).with_help_if(help));
                return None;
            }
            (ScalarType::Boolean, ExpressionKind::Constant(text)) => match *text {
                "true" => Some(Literal::Boolean(true)),
                "false" => Some(Literal::Boolean(false)),
                _ => None,
            },
            (
                ScalarType::Int | ScalarType::BigInt | ScalarType::Float | ScalarType::Decimal,
                ExpressionKind::Number(text),
            ) => Some(Literal::Number(text.to_string())),
            // Prisma takes a decimal in quotes too, so that no digit is lost.
            (ScalarType::Decimal, ExpressionKind::String(text)) if text.parse::<f64>().is_ok() => {
                Some(Literal::Number(text.to_string()))
            }
            (
                ScalarType::String | ScalarType::Json | ScalarType::Bytes | ScalarType::DateTime,
                ExpressionKind::String(text),
            ) => Some(Literal::String(text.to_string())),
            (ScalarType::Unsupported(_), _) => {
                let error = Diagnostic::error(
                    value.span,
                    format!("the type of {place} is `Unsupported`: it takes no such default"),
                );
                self.sink.push(error.with_help("use `dbgenerated(\"…\")`"));
                return None;
            }
            _ => None,
        };
        if literal.is_none() {
            let wanted = match ty {
                ScalarType::Enum(id) => format!("a value of the enum `{}`", self.schema.enums[id.0 as usize].name),
                ScalarType::Boolean => "`true` or `false`".to_owned(),
                ScalarType::Int | ScalarType::BigInt => "a whole number".to_owned(),
                ScalarType::Float | ScalarType::Decimal => "a number".to_owned(),
                _ => "a string".to_owned(),
            };
            let message = format!("the default of {place} must be {wanted}, not a {}", value.noun());
            self.error(value.span, message);
        }
        literal
    }

    fn default_function(
        &mut self,
        value: &'t Expression<'t>,
        name: &Ident<'_>,
        args: &'t [Argument<'t>],
    ) -> Option<DefaultFunction> {
        if let Some(argument) = args.iter().find(|a| a.value.is_none()) {
            let text = argument.name.as_ref().map_or("", |n| n.text);
            self.error(argument.span, format!("the argument `{text}` of `{}` has no value", name.text));
            return None;
        }
        let positional = args.first().filter(|a| a.name.is_none()).and_then(|a| a.value.as_ref());
        let no_arguments = |resolver: &mut Self, function| {
            if args.is_empty() {
                return Some(function);
            }
            let error = Diagnostic::error(value.span, format!("`{}` takes no arguments", name.text));
            resolver.sink.push(error.with_help(format!("write `{}()`", name.text)));
            None
        };
        match name.text {
            "autoincrement" => no_arguments(self, DefaultFunction::Autoincrement),
            "now" => no_arguments(self, DefaultFunction::Now),
            "ulid" => no_arguments(self, DefaultFunction::Ulid),
            "auto" => no_arguments(self, DefaultFunction::Auto),
            "uuid" => self.version(value, name, args, &[4, 7]).map(DefaultFunction::Uuid),
            "cuid" => self.version(value, name, args, &[1, 2]).map(DefaultFunction::Cuid),
            "nanoid" => match args {
                [] => Some(DefaultFunction::Nanoid(21)),
                [_] if let Some(ExpressionKind::Number(text)) = positional.map(|p| &p.kind)
                    && let Some(n) = text.parse::<i64>().ok().filter(|n| NANOID_LENGTHS.contains(n)) =>
                {
                    Some(DefaultFunction::Nanoid(n as u8))
                }
                _ => {
                    let error = Diagnostic::error(value.span, "`nanoid` takes a length from 2 to 255, or nothing");
                    self.sink.push(error.with_help("write `nanoid()` or `nanoid(21)`"));
                    None
                }
            },
            "dbgenerated" => match args {
                [] => Some(DefaultFunction::DbGenerated(None)),
                [_] if let Some(ExpressionKind::String(sql)) = positional.map(|p| &p.kind) => {
                    if sql.is_empty() {
                        self.error(value.span, "the SQL of `dbgenerated` is empty");
                        return None;
                    }
                    Some(DefaultFunction::DbGenerated(Some(sql.to_string())))
                }
                _ => {
                    let error = Diagnostic::error(value.span, "`dbgenerated` takes one string, the SQL of the default");
                    self.sink.push(error.with_help("write `dbgenerated(\"…\")`"));
                    None
                }
            },
            "sequence" if self.schema.provider().capabilities().sequences => self.sequence(args),
            other => {
                let known = FUNCTIONS.iter().copied().filter(|f| *f != "sequence");
                let help = did_you_mean(other, known.clone())
                    .unwrap_or_else(|| format!("there are {}", arguments::quoted_list(known)));
                let error = Diagnostic::error(value.span, format!("there is no default function `{other}`"));
                self.sink.push(error.with_help(help));
                None
            }
        }
    }

    /// The version that `uuid` or `cuid` takes; the first is the one without an argument.
    fn version(
        &mut self,
        value: &'t Expression<'t>,
        name: &Ident<'_>,
        args: &'t [Argument<'t>],
        versions: &[u8],
    ) -> Option<u8> {
        let given = match args {
            [] => return versions.first().copied(),
            [Argument { name: None, value: Some(Expression { kind: ExpressionKind::Number(text), .. }), .. }] => {
                text.parse().ok().filter(|v| versions.contains(v))
            }
            _ => None,
        };
        if given.is_none() {
            let error = Diagnostic::error(value.span, format!("`{}` takes a version, or nothing", name.text));
            let versions: Vec<_> = versions.iter().map(|v| format!("`{}({v})`", name.text)).collect();
            self.sink.push(error.with_help(format!("write {}", versions.join(" or "))));
        }
        given
    }

    fn sequence(&mut self, args: &'t [Argument<'t>]) -> Option<DefaultFunction> {
        let mut arguments = Arguments::new("sequence", args);
        let mut options = Vec::new();
        if let Some(value) = arguments.named("virtual", &mut self.sink) {
            let is_virtual = arguments::boolean(value, &mut self.sink)?;
            options.push(("virtual".to_owned(), is_virtual.to_string()));
        }
        for key in ["cache", "increment", "minValue", "maxValue", "start"] {
            if let Some(value) = arguments.named(key, &mut self.sink) {
                let number: i64 = arguments::integer(value, &mut self.sink)?;
                options.push((key.to_owned(), number.to_string()));
            }
        }
        arguments.finish(&mut self.sink);
        Some(DefaultFunction::Sequence(options))
    }
}
