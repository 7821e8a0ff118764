//! `extensions` of the datasource.

use super::Context;
use crate::resolve::PreviewFeature;

pub(super) fn run(cx: &mut Context<'_>) {
    let property = cx.tree.datasource.and_then(|block| block.properties().find(|p| p.name.text == "extensions"));
    // Where there are none, the property itself was refused already.
    if let Some(property) = property.filter(|_| cx.capabilities.extensions)
        && !cx.has_preview(PreviewFeature::PostgresqlExtensions)
    {
        let help = "add `previewFeatures = [\"postgresqlExtensions\"]` to the generator";
        cx.error(property.span, "`extensions` of the datasource is a preview feature", help);
    }
}
