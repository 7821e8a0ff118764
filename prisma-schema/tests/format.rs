//! What the formatter adds to relations that lack something.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use prisma_schema::{SourceFile, format, parse};

/// The models, formatted; they must be valid then.
fn formatted(models: &str) -> String {
    let datasource = "datasource db {\n  provider = \"sqlite\"\n}\n\n";
    let text = format(&format!("{datasource}{models}")).unwrap();
    if let Err(errors) = parse(vec![SourceFile::new("schema.prisma", text.as_str())]) {
        panic!("{errors}\n{text}");
    }
    text.strip_prefix(datasource).unwrap().to_owned()
}

#[test]
fn the_required_end_of_a_one_to_one_relation_gets_the_key() {
    insta::assert_snapshot!(formatted("model A {\n id Int @id\n b B?\n}\nmodel B {\n id Int @id\n a A\n}"), @r"
    model A {
      id Int @id
      b  B?
    }

    model B {
      id  Int @id
      a   A   @relation(fields: [aId], references: [id])
      aId Int @unique
    }
    ");
}

#[test]
fn of_two_optional_ends_the_first_gets_the_key() {
    insta::assert_snapshot!(formatted("model A {\n id Int @id\n b B?\n}\nmodel B {\n id Int @id\n a A?\n}"), @r"
    model A {
      id  Int  @id
      b   B?   @relation(fields: [bId], references: [id])
      bId Int? @unique
    }

    model B {
      id Int @id
      a  A?
    }
    ");
}

#[test]
fn one_end_of_a_relation_of_a_model_with_itself() {
    insta::assert_snapshot!(formatted("model A {\n id Int @id\n children A[]\n}"), @r#"
    model A {
      id       Int  @id
      children A[]  @relation("AToA")
      A        A?   @relation("AToA", fields: [aId], references: [id])
      aId      Int?
    }
    "#);
    insta::assert_snapshot!(formatted("model A {\n id Int @id\n parent A? @relation(\"tree\")\n}"), @r#"
    model A {
      id       Int  @id
      parent   A?   @relation("tree", fields: [parentId], references: [id])
      A        A[]  @relation("tree")
      parentId Int?
    }
    "#);
    insta::assert_snapshot!(
        formatted("model A {\n id Int @id\n pId Int?\n parent A? @relation(fields: [pId], references: [id])\n}"),
        @r#"
    model A {
      id     Int  @id
      pId    Int?
      parent A?   @relation("AToA", fields: [pId], references: [id])
      A      A[]  @relation("AToA")
    }
    "#
    );
}
