//! `where` of partial indexes: `raw("sql")`, or an object of fields and values.

use super::Resolver;
use super::arguments::{self, Arguments};
use crate::diagnostics::Diagnostic;
use crate::syntax::{Expression, ExpressionKind, Ident};
use crate::{FieldKind, ModelId};

impl<'t> Resolver<'t> {
    /// The predicate as SQL.
    pub(super) fn predicate(&mut self, model: ModelId, value: &'t Expression<'t>) -> Option<String> {
        match &value.kind {
            ExpressionKind::Function(name, args) if name.text == "raw" => {
                let mut arguments = Arguments::new("raw", args);
                let sql = arguments.positional("sql", &mut self.sink);
                arguments.finish(&mut self.sink);
                match sql {
                    Some(sql) => arguments::non_empty(sql, "raw", "sql", &mut self.sink).map(str::to_owned),
                    None => {
                        self.error(value.span, "`raw` has no SQL");
                        None
                    }
                }
            }
            ExpressionKind::Object(members) if !members.is_empty() => {
                let conditions: Vec<_> =
                    members.iter().filter_map(|(name, value)| self.condition(model, name, value)).collect();
                (conditions.len() == members.len()).then(|| conditions.join(" AND "))
            }
            _ => {
                let error = Diagnostic::error(value.span, "`where` takes SQL, or an object of fields and values");
                self.sink.push(error.with_help("write `where: raw(\"sql\")` or `where: { field: value }`"));
                None
            }
        }
    }

    /// One condition: `field: value`, `field: null`, `field: { not: value }`.
    fn condition(&mut self, model: ModelId, name: &'t Ident<'t>, value: &'t Expression<'t>) -> Option<String> {
        let data = &self.schema.models[model.0 as usize];
        let field = self.field_id(model, name.text).map(|f| &data.fields[f.0 as usize]);
        let Some(field) = field.filter(|f| matches!(f.kind, FieldKind::Scalar(_))) else {
            let help = crate::suggest::did_you_mean(name.text, data.fields.iter().map(|f| f.name.as_str()));
            let message =
                format!("`where` names the field `{}`, which is no scalar field of `{}`", name.text, data.name);
            self.sink.push(Diagnostic::error(name.span, message).with_help_if(help));
            return None;
        };
        let column = format!("\"{}\"", field.map.as_deref().unwrap_or(&field.name).replace('"', "\"\""));
        let (is_negated, literal) = match &value.kind {
            ExpressionKind::Object(members) => match members.as_slice() {
                [(not, inner)] if not.text == "not" => (true, inner),
                _ => (false, value),
            },
            _ => (false, value),
        };
        let booleans = self.schema.provider().capabilities().boolean_literals;
        let sql = match &literal.kind {
            ExpressionKind::Constant(text) if *text == "null" => {
                return Some(format!("{column} IS {}NULL", if is_negated { "NOT " } else { "" }));
            }
            ExpressionKind::Constant(text) if *text == "true" => booleans.1.to_owned(),
            ExpressionKind::Constant(text) if *text == "false" => booleans.0.to_owned(),
            ExpressionKind::Number(text) => (*text).to_owned(),
            ExpressionKind::String(text) => format!("'{}'", text.replace('\'', "''")),
            _ => {
                let error = Diagnostic::error(literal.span, format!("`where` cannot compare `{}` to this", name.text));
                self.sink.push(
                    error.with_help("a value is a string, a number, `true`, `false`, `null`, or `{ not: value }`"),
                );
                return None;
            }
        };
        Some(format!("{column} {} {sql}", if is_negated { "<>" } else { "=" }))
    }
}
