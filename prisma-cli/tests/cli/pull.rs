//! `prisma db pull` into schemas that people have written in, on each provider.

use crate::bed::Bed;
use crate::on_each_provider;

on_each_provider! {
    what_is_unchanged_stays_byte_for_byte,
    only_what_changed_is_written,
    each_model_stays_in_its_file,
    names_are_kept_from_what_is_new,
    views_are_a_preview_feature,
    views_keep_what_people_said_of_them,
    relations_without_foreign_keys_stay,
    what_no_schema_can_say_is_told,
}

/// As people write: comments everywhere, an order of their own, names of their own, what goes without saying said.
const WRITTEN: &str = r#"// What this is.

/* The people
   come first. */
/// People.
model Person { // open
  mail    String    @unique(map: "mails") @map("e-mail") // by mail
  /// Never changes.
  key     String    @id @default(cuid()) @map("id")

  // When.
  changed DateTime  @updatedAt /// of the row
  made    DateTime  @default(now())
  mood    Mood      @default(GOOD)
  number  Int       @default(7) @map("number")
  secret  String?   @ignore
  letters Letter[]  @relation("written")
  got     Letter[]  @relation("received")
  tags    Tag[]     @relation("tagging")
  // The last line.

  // Together.
  @@unique([mail, number], name: "both")
  @@index([number, mail]) // to sort
  @@map("people")
} // end

/// How they are.
enum Mood { // moods
  /// Well.
  GOOD @map("good") // fine
  BAD  @map("BAD")
  // that is all
}

// Nothing uses it yet.
model Letter {
  id       Int     @id @default(autoincrement())
  to       Person? @relation("received", fields: [toId], references: [key], onDelete: SetNull, onUpdate: Cascade)
  toId     String?
  writer   Person  @relation("written", fields: [writerId], references: [key], onDelete: Cascade)
  writerId String  @map("writer_id")
}

model Tag {
  name   String   @id
  people Person[] @relation("tagging")

  @@map("Tag")
}
// The end.
"#;

fn what_is_unchanged_stays_byte_for_byte(bed: &Bed) {
    // As it comes from the hand, and as it is formatted.
    for is_formatted in [false, true] {
        bed.models(WRITTEN);
        if is_formatted {
            bed.prisma(&["format"]).ok();
        }
        bed.prisma(&["db", "push"]).ok();
        let before = bed.project.read("prisma/schema.prisma");
        let said = bed.prisma(&["db", "pull"]).ok();
        assert_eq!(bed.project.read("prisma/schema.prisma"), before);
        assert!(said.contains("3 models found, as prisma/schema.prisma says already: nothing was changed"), "{said}");
        assert_eq!(bed.prisma(&["db", "pull", "--print"]).ok(), before);
    }
}

fn only_what_changed_is_written(bed: &Bed) {
    bed.models(WRITTEN);
    bed.prisma(&["format"]).ok();
    bed.prisma(&["db", "push"]).ok();
    let before = bed.project.read("prisma/schema.prisma");
    bed.dev.script(
        "ALTER TABLE people ADD COLUMN age INT; ALTER TABLE people DROP COLUMN made; CREATE TABLE \"Extra\" (id INT PRIMARY KEY NOT NULL, letter INT, \
         CONSTRAINT \"Extra_letter_fkey\" FOREIGN KEY (letter) REFERENCES \"Letter\" (id) ON UPDATE CASCADE ON DELETE SET NULL)",
    );
    bed.prisma(&["db", "pull"]).ok();
    let after = bed.project.read("prisma/schema.prisma");
    let extra = after.find("\nmodel Extra {").unwrap_or_else(|| panic!("{after}"));
    assert!(after[extra..].contains("letter Int?") && after[extra..].contains("Letter Letter?"), "{after}");
    let last = "  writerId String  @map(\"writer_id\")\n";
    let expected = before
        .replace("  made    DateTime @default(now())\n", "")
        .replace("  secret  String?  @ignore\n", "  secret  String?  @ignore\n  age     Int?\n")
        .replace(last, &format!("{last}  Extra    Extra[]\n"));
    assert_eq!(&after[..extra], expected);
    assert!(bed.prisma(&["db", "push"]).ok().contains("in sync with the schema already"));
}

fn each_model_stays_in_its_file(bed: &Bed) {
    let head = bed.project.read("prisma/schema.prisma");
    std::fs::remove_file(bed.project.path("prisma/schema.prisma")).unwrap();
    let a = "// Left as it is.\nmodel A {\n id Int @id\n}\n";
    let files = [
        ("models/main.prisma", head.as_str()),
        ("models/a.prisma", a),
        ("models/deep/b.prisma", "/// Two.\nmodel B {\n  id   Int     @id\n  name String? // hm\n}\n\n// Stays.\n"),
        ("models/c.prisma", "model C {\n  id Int @id\n}\n"),
        ("prisma.toml", "schema = \"models\"\n"),
    ];
    for (name, text) in files {
        bed.project.write(name, text);
    }
    bed.prisma(&["db", "push"]).ok();
    bed.dev.script(
        "ALTER TABLE \"B\" DROP COLUMN name; ALTER TABLE \"B\" ADD COLUMN age INT; DROP TABLE \"C\"; CREATE TABLE \"D\" (id INT PRIMARY KEY NOT NULL)",
    );
    let shown = bed.prisma(&["db", "pull", "--print"]).ok();
    assert!(shown.contains(&format!("// models/a.prisma\n{a}\n// models/c.prisma\n\n")), "{shown}");
    assert!(shown.contains("// models/introspected.prisma\nmodel D {"), "{shown}");
    assert_eq!(bed.project.read("models/c.prisma"), "model C {\n  id Int @id\n}\n", "it was to be shown alone");
    let report = bed.prisma(&["db", "pull", "--print", "--json"]).ok();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let names: Vec<_> = report["files"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "models/a.prisma",
            "models/c.prisma",
            "models/deep/b.prisma",
            "models/main.prisma",
            "models/introspected.prisma"
        ]
    );

    let said = bed.prisma(&["db", "pull"]).ok();
    assert!(
        said.contains("3 models written to models/deep/b.prisma, models/introspected.prisma; nothing was left in models/c.prisma, removed"),
        "{said}"
    );
    assert_eq!(bed.project.read("models/main.prisma"), head);
    assert_eq!(bed.project.read("models/a.prisma"), a);
    assert_eq!(
        bed.project.read("models/deep/b.prisma"),
        "/// Two.\nmodel B {\n  id  Int  @id\n  age Int?\n}\n\n// Stays.\n"
    );
    assert!(!bed.project.path("models/c.prisma").exists());
    assert_eq!(bed.project.read("models/introspected.prisma"), "model D {\n  id Int @id\n}\n");

    bed.dev.script("CREATE TABLE \"E\" (id INT PRIMARY KEY NOT NULL)");
    let said = bed.prisma(&["db", "pull"]).ok();
    assert!(said.contains("4 models written to models/introspected.prisma\n"), "{said}");
    assert!(bed.project.read("models/introspected.prisma").contains("model D {\n  id Int @id\n}\n\nmodel E {"));
    assert!(bed.prisma(&["db", "pull"]).ok().contains("as the schema's 4 files say already: nothing was changed"));
}

/// What the database calls as the schema calls something else gets another name.
fn names_are_kept_from_what_is_new(bed: &Bed) {
    let models = "// One.\nmodel Person {\n  id   Int    @id\n  name String @map(\"title\")\n  pets Pet[]\n\n  @@map(\"z\")\n}\n\nmodel Pet {\n  id      Int    @id\n  owner   Person @relation(fields: [ownerId], references: [id])\n  ownerId Int\n}\n";
    bed.models(models);
    bed.prisma(&["db", "push"]).ok();
    bed.dev.script(match bed.provider {
        prisma_schema::Provider::Mysql => "CREATE TABLE \"Person\" (id INT PRIMARY KEY); ALTER TABLE z ADD COLUMN name INT FIRST; ALTER TABLE \"Pet\" ADD COLUMN owner INT",
        _ => "CREATE TABLE \"Person\" (id INT PRIMARY KEY); ALTER TABLE z ADD COLUMN name INT; ALTER TABLE \"Pet\" ADD COLUMN owner INT",
    });
    bed.prisma(&["db", "pull"]).ok();
    let after = bed.project.read("prisma/schema.prisma");
    for part in [
        "// One.\nmodel Person {\n  id     Int    @id\n  name   String @map(\"title\")\n",
        "  name_2 Int?   @map(\"name\")\n",
        "  owner   Person @relation(fields: [ownerId], references: [id])\n  ownerId Int\n  owner_2 Int?   @map(\"owner\")\n",
        "model Person_2 {\n  id Int @id\n\n  @@map(\"Person\")\n}",
    ] {
        assert!(after.contains(part), "{part}\n{after}");
    }
    assert!(bed.prisma(&["db", "push"]).ok().contains("in sync with the schema already"));
}

const VIEW: &str = "CREATE TABLE \"A\" (id INT PRIMARY KEY NOT NULL, title VARCHAR(191) NOT NULL); \
    CREATE VIEW \"Titles\" AS SELECT id, title FROM \"A\" WHERE id > 3";

const WITH_VIEWS: &str =
    "generator client {\n  provider        = \"prisma-client\"\n  previewFeatures = [\"views\"]\n}\n";

/// The files of views, by name.
fn definitions(bed: &Bed) -> Vec<String> {
    let mut found = Vec::new();
    for schema in std::fs::read_dir(bed.project.path("prisma/views")).into_iter().flatten() {
        for file in std::fs::read_dir(schema.unwrap().path()).unwrap() {
            found.push(file.unwrap().path().strip_prefix(bed.project.path("prisma")).unwrap().display().to_string());
        }
    }
    found
}

fn views_are_a_preview_feature(bed: &Bed) {
    bed.models("");
    bed.dev.script(VIEW);
    let ran = bed.prisma(&["db", "pull"]);
    assert!(
        ran.err.contains("there are views") && ran.err.contains("`views`") && ran.err.contains("`Titles`"),
        "{}",
        ran.err
    );
    assert!(ran.ok().contains("1 model written to"));
    assert!(!bed.project.read("prisma/schema.prisma").contains("view "));
    assert!(definitions(bed).is_empty());

    bed.models(WITH_VIEWS);
    let said = bed.prisma(&["db", "pull"]).ok();
    assert!(said.contains("1 model and 1 view written to prisma/schema.prisma"), "{said}");
    let schema = bed.project.read("prisma/schema.prisma");
    assert!(schema.contains("view Titles {\n  id    Int"), "{schema}");
    let files = definitions(bed);
    let [file] = files.as_slice() else { panic!("{files:?}") };
    assert!(file.starts_with("views/") && file.ends_with("/Titles.sql"), "{file}");
    let sql = bed.project.read(&format!("prisma/{file}")).to_lowercase();
    assert!(sql.starts_with("select") && sql.contains("> 3") && sql.ends_with('\n'), "{sql}");
    let said = bed.prisma(&["db", "pull"]).ok();
    assert!(said.contains("nothing was changed"), "{said}");

    bed.dev.script("DROP VIEW \"Titles\"");
    bed.prisma(&["db", "pull"]).ok();
    assert!(!bed.project.read("prisma/schema.prisma").contains("view "));
    assert!(!bed.project.path("prisma/views").exists(), "{:?}", definitions(bed));
}

fn views_keep_what_people_said_of_them(bed: &Bed) {
    let models = format!(
        "{WITH_VIEWS}\nmodel A {{\n  id    Int     @id\n  title String{}\n  view  Titles?\n}}\n\n/// Long ones.\nview Titles {{\n  key  Int    @unique @map(\"id\") // the same\n  \
         name String @map(\"title\"){}\n  a    A      @relation(fields: [key], references: [id])\n}}\n",
        varchar(bed),
        varchar(bed)
    );
    bed.models("");
    bed.dev.script(VIEW);
    bed.models(&models);
    bed.prisma(&["format"]).ok();
    let before = bed.project.read("prisma/schema.prisma");
    bed.prisma(&["db", "pull"]).ok();
    assert_eq!(bed.project.read("prisma/schema.prisma"), before);
    bed.project.write("prisma.toml", "[views]\npath = \"sql\"\n");
    bed.prisma(&["db", "pull"]).ok();
    assert!(bed.project.path("sql").is_dir());
}

/// What the columns of [`VIEW`] are, where that is not the usual text.
fn varchar(bed: &Bed) -> &'static str {
    match bed.provider {
        prisma_schema::Provider::Postgresql => " @db.VarChar(191)",
        _ => "",
    }
}

fn relations_without_foreign_keys_stay(bed: &Bed) {
    let models = "model A {\n  id   Int @id\n  bs   B[]\n  tags T[]\n}\n\n/// Many.\nmodel B {\n  id  Int @id\n  a   A?  @relation(\"own\", fields: [aId], references: [id])\n  \
                  aId Int?\n\n  @@index([aId])\n}\n\nmodel T {\n  id Int @id\n  as A[]\n}\n"
        .replace("bs   B[]", "bs   B[] @relation(\"own\")");
    let text = format!(
        "datasource db {{\n  provider     = \"{}\"\n  url          = env(\"DATABASE_URL\")\n  relationMode = \"prisma\"\n}}\n\n{models}",
        bed.provider.name()
    );
    bed.project.write("prisma/schema.prisma", &text);
    bed.prisma(&["format"]).ok();
    let before = bed.project.read("prisma/schema.prisma");
    bed.prisma(&["db", "push"]).ok();
    bed.prisma(&["db", "pull"]).ok();
    assert_eq!(bed.project.read("prisma/schema.prisma"), before);
    // One whose column is gone is gone.
    bed.dev.script(match bed.provider {
        prisma_schema::Provider::Mysql => "ALTER TABLE \"B\" DROP COLUMN \"aId\"",
        _ => "DROP INDEX \"B_aId_idx\"; ALTER TABLE \"B\" DROP COLUMN \"aId\"",
    });
    bed.prisma(&["db", "pull"]).ok();
    let after = bed.project.read("prisma/schema.prisma");
    assert!(!after.contains("own") && after.contains("tags T[]") && after.contains("/// Many."), "{after}");
}

fn what_no_schema_can_say_is_told(bed: &Bed) {
    use prisma_schema::Provider;
    bed.models("");
    let trigger = match bed.provider {
        Provider::Mysql => "CREATE TRIGGER watch BEFORE INSERT ON \"A\" FOR EACH ROW SET NEW.n = 1",
        Provider::Sqlite => "CREATE TRIGGER watch AFTER INSERT ON \"A\" BEGIN DELETE FROM \"A\"; END",
        _ => {
            "CREATE FUNCTION f() RETURNS trigger AS 'BEGIN RETURN NEW; END' LANGUAGE plpgsql; \
             CREATE TRIGGER watch BEFORE INSERT ON \"A\" FOR EACH ROW EXECUTE FUNCTION f()"
        }
    };
    let index = if bed.provider == Provider::Mysql { "" } else { "CREATE INDEX over ON \"A\" (abs(n));" };
    bed.dev.script(&format!(
        "CREATE TABLE \"A\" (id INT PRIMARY KEY NOT NULL, n INT, CONSTRAINT positive CHECK (n > 0)); {index} {trigger}; CREATE TABLE keyless (n INT UNIQUE)"
    ));
    let ran = bed.prisma(&["db", "pull"]);
    let expected: &[&str] = match bed.provider {
        Provider::Sqlite => &["its CHECK constraints", "triggers", "indexes over expressions"],
        Provider::Mysql => &["the CHECK constraint `positive`", "the trigger `watch`"],
        _ => &["the CHECK constraint `positive`", "the trigger `watch`", "the index `over` over expressions"],
    };
    let schema = bed.project.read("prisma/schema.prisma");
    for what in expected {
        assert!(ran.err.contains(what), "{}", ran.err);
        assert!(schema.contains(what), "{schema}");
    }
    assert!(
        ran.err.contains("the table `A` has what no schema can say") && ran.err.contains("`keyless` has no key"),
        "{}",
        ran.err
    );
    assert!(schema.contains("/// The table has no key") && schema.contains("@@ignore"), "{schema}");
    // Documentation is for those who read it: what is taken away does not come back.
    let quiet = schema.lines().filter(|l| !l.starts_with("///")).map(|l| format!("{l}\n")).collect::<String>();
    bed.project.write("prisma/schema.prisma", &quiet);
    assert!(bed.prisma(&["db", "pull"]).err.contains("what no schema can say"));
    assert_eq!(bed.project.read("prisma/schema.prisma"), quiet);
}

#[test]
fn several_schemas_and_extensions_of_postgresql() {
    test_servers::needs!(test_servers::Server::Postgresql);
    let bed = Bed::new("postgresql");
    bed.models("generator client {\n  provider        = \"prisma-client\"\n  previewFeatures = [\"postgresqlExtensions\"]\n}\n");
    bed.dev.script(
        "CREATE SCHEMA one; CREATE SCHEMA two; CREATE EXTENSION citext; CREATE TABLE one.t (id INT PRIMARY KEY); \
         CREATE TABLE two.t (id INT PRIMARY KEY, name citext, t INT REFERENCES one.t (id)); CREATE TABLE two.u (id INT PRIMARY KEY)",
    );
    let ran = bed.prisma(&["db", "pull", "--schemas", "one,two"]);
    assert!(ran.err.contains("the table `one.t` is called `one_t`"), "{}", ran.err);
    ran.ok();
    let schema = bed.project.read("prisma/schema.prisma");
    for part in [
        "  url        = env(\"DATABASE_URL\")\n  schemas    = [\"one\", \"two\"]\n  extensions = [citext]\n}",
        "model one_t {",
        "@db.Citext",
        "  @@map(\"t\")\n  @@schema(\"two\")",
        "model u {",
    ] {
        assert!(schema.contains(part), "{part}\n{schema}");
    }
    assert!(bed.prisma(&["db", "pull"]).ok().contains("nothing was changed"));
    bed.dev.script("DROP TABLE two.u; ALTER TABLE two.t DROP COLUMN name; DROP EXTENSION citext");
    bed.prisma(&["db", "pull"]).ok();
    let schema = bed.project.read("prisma/schema.prisma");
    assert!(!schema.contains("citext") && !schema.contains("model u") && schema.contains("schemas  = ["), "{schema}");
}

#[test]
fn one_schema_becomes_one_of_several() {
    test_servers::needs!(test_servers::Server::Postgresql);
    let bed = Bed::new("postgresql");
    bed.models("/// People.\nmodel Person { // first\n  key Int @id @map(\"id\")\n  mood Mood\n}\n\nenum Mood { // how\n  GOOD\n}\n");
    bed.prisma(&["db", "push"]).ok();
    bed.dev.script("CREATE SCHEMA two; CREATE TABLE two.other (id INT PRIMARY KEY)");
    bed.prisma(&["db", "pull", "--schemas", "public,two"]).ok();
    let schema = bed.project.read("prisma/schema.prisma");
    let person = "/// People.\nmodel Person { // first\n  key  Int  @id @map(\"id\")\n  mood Mood\n\n  @@schema(\"public\")\n}\n\nenum Mood { // how\n  GOOD\n\n  @@schema(\"public\")\n}\n";
    assert!(schema.contains(person) && schema.contains("model other {"), "{schema}");
    assert!(bed.prisma(&["db", "push"]).ok().contains("in sync with the schema already"));

    let bed = Bed::new("sqlite");
    let error = bed.prisma(&["db", "pull", "--schemas", "a"]).failed();
    assert!(error.contains("SQLite has no schemas within a database"), "{error}");
}

#[test]
fn a_schema_that_cannot_be_is_written_and_told() {
    let bed = Bed::new("sqlite");
    bed.models("");
    bed.dev.script(
        "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY, a TEXT REFERENCES a (id))",
    );
    let error = bed.prisma(&["db", "pull"]).failed();
    assert!(error.contains("P4002") && error.contains("schema.prisma:"), "{error}");
    assert!(bed.project.read("prisma/schema.prisma").contains("model b"));
}
