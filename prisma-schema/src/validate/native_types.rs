//! `@db.…`: known, for that scalar, with the right arguments.

use super::{Column, Context};
use crate::suggest::did_you_mean;
use crate::{KeyUse, NativeArguments, NativeType, NativeTypeInfo, ScalarType};

pub(super) fn run(cx: &mut Context<'_>, column: Column<'_>) {
    let Some(native) = &column.scalar.native_type else {
        return;
    };
    if let Some(info) = exists(cx, column, native) {
        fits_the_scalar(cx, column, native, info);
        has_the_right_arguments(cx, column, native, info);
    }
}

fn exists(cx: &mut Context<'_>, column: Column<'_>, native: &NativeType) -> Option<&'static NativeTypeInfo> {
    let info = cx.capabilities.native_type(&native.name);
    if info.is_none() {
        let message =
            format!("{} has no native type `{}`, on the field {}", cx.provider(), native.name, column.describe());
        let scalar = column.scalar.ty.name();
        let fitting = cx.capabilities.native_types.iter().filter(|t| t.scalars.contains(&scalar)).map(|t| t.name);
        let help =
            did_you_mean(&native.name, cx.capabilities.native_types.iter().map(|t| t.name)).unwrap_or_else(|| match cx
                .capabilities
                .native_types
            {
                [] => "remove it: this provider has no native types".to_owned(),
                _ => format!("for `{scalar}` there are {}", crate::resolve::quoted_list(fitting)),
            });
        cx.error(native.span, message, help);
    }
    info
}

fn fits_the_scalar(cx: &mut Context<'_>, column: Column<'_>, native: &NativeType, info: &NativeTypeInfo) {
    let scalar = column.scalar.ty.name();
    let fits =
        info.scalars.contains(&scalar) && !matches!(column.scalar.ty, ScalarType::Enum(_) | ScalarType::Unsupported(_));
    // One bit is a truth value; more of them are bytes.
    let wide_bit = native.name == "Bit" && scalar == "Boolean" && native.args.first().is_some_and(|n| n != "1");
    if !fits || wide_bit {
        let message = format!(
            "the native type `{}` does not hold `{scalar}`, the type of the field {}",
            native.display(),
            column.describe()
        );
        cx.error(
            native.span,
            message,
            format!("it is for {}", crate::resolve::quoted_list(info.scalars.iter().copied())),
        );
    }
}

fn has_the_right_arguments(cx: &mut Context<'_>, column: Column<'_>, native: &NativeType, info: &NativeTypeInfo) {
    let name = &native.name;
    let (wanted, problem) = match &info.arguments {
        NativeArguments::None => {
            (format!("`{name}`"), (!native.args.is_empty()).then(|| "takes no arguments".to_owned()))
        }
        NativeArguments::Length { optional, range, max } => {
            let problem = match native.args.as_slice() {
                [] if *optional => None,
                [] => Some("needs a length".to_owned()),
                [text] if *max && text == "Max" => None,
                [text] => match text.parse::<u32>() {
                    Ok(n) if range.contains(&n) => None,
                    _ => Some(format!("takes a number from {} to {}, not `{text}`", range.start(), range.end())),
                },
                _ => Some(format!("takes one argument, not {}", native.args.len())),
            };
            let or_max = if *max { format!(" or `{name}(Max)`") } else { String::new() };
            (format!("`{name}({})`{or_max}", range.end().min(&100)), problem)
        }
        NativeArguments::Decimal { precision, scale } => {
            let numbers: Vec<_> = native.args.iter().map(|a| a.parse::<u32>()).collect();
            let problem = match numbers.as_slice() {
                [] => None,
                [Ok(p), Ok(s)] if !precision.contains(p) || !scale.contains(s) => Some(format!(
                    "takes a precision from {} to {} and a scale from {} to {}",
                    precision.start(),
                    precision.end(),
                    scale.start(),
                    scale.end()
                )),
                [Ok(p), Ok(s)] if s > p => Some("has a scale that is larger than its precision".to_owned()),
                [Ok(_), Ok(_)] => None,
                _ => Some("takes two numbers, precision and scale".to_owned()),
            };
            (format!("`{name}(10, 2)`"), problem)
        }
    };
    if let Some(problem) = problem {
        let message = format!("the native type `{}` of the field {} {problem}", native.display(), column.describe());
        cx.error(native.span, message, format!("write {wanted}"));
    }
}

impl NativeType {
    /// As it is written, without the prefix: `VarChar(255)`.
    pub fn display(&self) -> String {
        match self.args.as_slice() {
            [] => self.name.clone(),
            args => format!("{}({})", self.name, args.join(", ")),
        }
    }

    /// Whether a column of it can be in a key or index of this provider.
    pub(super) fn key_use(&self, info: &NativeTypeInfo) -> KeyUse {
        match info.keys {
            KeyUse::NotMax if self.args.iter().any(|a| a == "Max") => KeyUse::Never,
            KeyUse::NotMax => KeyUse::Allowed,
            other => other,
        }
    }
}
