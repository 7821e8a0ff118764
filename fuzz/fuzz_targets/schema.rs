//! No text makes the language panic, and what the formatter and the printer make means the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use prisma_schema::{Schema, SourceFile, format, parse};

fn schema(text: &str) -> Option<Schema> {
    match parse(vec![SourceFile::new("schema.prisma", text)]) {
        Ok(valid) => Some(valid.schema),
        Err(diagnostics) => {
            diagnostics.render(false);
            None
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let before = schema(&text);
    let Ok(formatted) = format(&text) else {
        assert!(before.is_none(), "valid, but cannot be formatted");
        return;
    };
    assert_eq!(format(&formatted).as_ref(), Ok(&formatted), "formatting twice changes something");
    let Some(mut before) = before else { return };
    before.to_dmmf();
    let printed = before.to_psl();
    before.forget_places();
    for text in [formatted, printed] {
        let mut after = schema(&text).expect("a valid schema stays one");
        after.forget_places();
        assert_eq!(after, before, "the meaning changed");
    }
});
