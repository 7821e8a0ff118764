//! Schemas without their places in the text, to be compared.

use super::{Field, FieldKind, RenamedFrom, Schema};
use crate::Span;

impl Schema {
    /// Forgets the files and all places in them, so that two schemas can be compared for what they mean.
    pub fn forget_places(&mut self) {
        let none = Span::default();
        self.sources.clear();
        self.datasource.span = none;
        for generator in &mut self.generators {
            generator.span = none;
        }
        for model in &mut self.models {
            (model.span, model.name_span) = (none, none);
            forget_in_name(&mut model.renamed_from);
            forget_in_fields(&mut model.fields);
            for index in &mut model.indexes {
                index.span = none;
            }
        }
        for composite in &mut self.composites {
            (composite.span, composite.name_span) = (none, none);
            forget_in_fields(&mut composite.fields);
        }
        for enumeration in &mut self.enums {
            (enumeration.span, enumeration.name_span) = (none, none);
            forget_in_name(&mut enumeration.renamed_from);
            for value in &mut enumeration.values {
                value.span = none;
                forget_in_name(&mut value.renamed_from);
            }
        }
    }
}

fn forget_in_name(renamed_from: &mut Option<RenamedFrom>) {
    if let Some(renamed) = renamed_from {
        renamed.span = Span::default();
    }
}

fn forget_in_fields(fields: &mut [Field]) {
    for field in fields {
        (field.span, field.name_span, field.type_span) = (Span::default(), Span::default(), Span::default());
        forget_in_name(&mut field.renamed_from);
        if let FieldKind::Scalar(scalar) = &mut field.kind
            && let Some(native) = &mut scalar.native_type
        {
            native.span = Span::default();
        }
    }
}
