//! Every mistake under `tests/` is refused with the message beside it; `TRYBUILD=overwrite` writes the messages anew.

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    for class in ["queries", "writes", "selections", "schemas", "models", "migrations"] {
        cases.compile_fail(format!("tests/{class}/*.rs"));
    }
}
