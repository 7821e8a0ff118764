//! `prisma query`

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::Project;

const SCHEMA: &str = r#"
datasource db {
  provider = "sqlite"
  url      = "file:dev.db"
}
enum Role {
  USER
  ADMIN @map("adm")
}
model User {
  id      Int       @id @default(autoincrement())
  email   String    @unique
  role    Role      @default(USER)
  score   BigInt?
  price   Decimal?
  born    DateTime?
  data    Json?
  secret  Bytes?
  posts   Post[]
}
model Post {
  id       Int    @id @default(autoincrement())
  title    String
  author   User   @relation(fields: [authorId], references: [id])
  authorId Int
}
"#;

/// The responses to requests, on an empty database.
fn ask(requests: &[Value]) -> Vec<Value> {
    let lines: Vec<String> = requests.iter().map(Value::to_string).collect();
    ask_lines(SCHEMA, &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

fn ask_lines(schema: &str, lines: &[&str]) -> Vec<Value> {
    let project = Project::new(&[("schema.prisma", schema)]);
    project.prisma(&["db", "push"]).ok();
    let mut prisma = Command::new(env!("CARGO_BIN_EXE_prisma"))
        .arg("query")
        .current_dir(project.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    prisma.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = prisma.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn request(action: &str, model: &str, arguments: Value, selection: Value) -> Value {
    json!({"modelName": model, "action": action, "query": {"arguments": arguments, "selection": selection}})
}

fn code(response: &Value) -> &str {
    response["errors"][0]["user_facing_error"]["error_code"].as_str().unwrap_or("none")
}

/// The same, whichever way it goes.
#[test]
fn relation_load_strategy() {
    let data = json!({"email": "a", "posts": {"create": [{"title": "x"}, {"title": "y"}]}});
    let selection = json!({"email": true, "posts": {
        "arguments": {"orderBy": {"title": "desc"}, "take": 1},
        "selection": {"title": true, "author": {"selection": {"email": true}}, "_count": false}
    }});
    let find =
        |strategy: &str| request("findMany", "User", json!({"relationLoadStrategy": strategy}), selection.clone());
    let create = request("createOne", "User", json!({"data": data}), json!({"id": true}));
    let answers = ask(&[create, find("join"), find("query"), find("neither")]);
    let expected = json!([{"email": "a", "posts": [{"title": "y", "author": {"email": "a"}}]}]);
    assert_eq!(answers[1]["data"]["findManyUser"], expected, "{answers:?}");
    assert_eq!(answers[2]["data"]["findManyUser"], expected);
    assert_eq!(code(&answers[3]), "P2009");
}

#[test]
fn what_is_written_is_read() {
    let answers = ask(&[
        request(
            "createOne",
            "User",
            json!({"data": {
                "email": "a@b.c",
                "role": "ADMIN",
                "score": {"$type": "BigInt", "value": "9007199254740993"},
                "price": "12.50",
                "born": "2020-01-02T03:04:05.678Z",
                "data": {"$type": "Json", "value": "{\"a\":[1,null]}"},
                "secret": {"$type": "Bytes", "value": "AQID"},
                "posts": {"create": [{"title": "one"}, {"title": "two"}]}
            }}),
            json!({"$scalars": true, "_count": true, "posts": {"arguments": {"orderBy": {"id": "desc"}, "take": 1}, "selection": {"title": true}}}),
        ),
        request(
            "findMany",
            "Post",
            json!({"where": {"author": {"is": {"email": {"startsWith": "a@"}}}, "NOT": {"title": "two"}}}),
            json!({"id": true, "author": {"selection": {"email": true}}}),
        ),
        request(
            "aggregate",
            "Post",
            json!({}),
            json!({"_count": {"selection": {"_all": true}}, "_max": {"selection": {"title": true}}}),
        ),
        json!({"action": "queryRaw", "query": {"arguments": {"query": "SELECT email FROM User WHERE id = ?", "parameters": "[1]"}, "selection": {}}}),
    ]);
    assert_eq!(
        answers[0]["data"]["createOneUser"],
        json!({
            "id": 1, "email": "a@b.c", "role": "ADMIN",
            "score": {"$type": "BigInt", "value": "9007199254740993"},
            "price": {"$type": "Decimal", "value": "12.5"},
            "born": {"$type": "DateTime", "value": "2020-01-02T03:04:05.678Z"},
            "data": {"$type": "Json", "value": "{\"a\":[1,null]}"},
            "secret": {"$type": "Bytes", "value": "AQID"},
            "_count": {"posts": 2},
            "posts": [{"title": "two"}]
        })
    );
    assert_eq!(answers[1]["data"]["findManyPost"], json!([{"id": 1, "author": {"email": "a@b.c"}}]));
    assert_eq!(answers[2]["data"]["aggregatePost"], json!({"_count": {"_all": 2}, "_max": {"title": "two"}}));
    assert_eq!(
        answers[3]["data"]["queryRaw"],
        json!([{"email": {"prisma__type": "string", "prisma__value": "a@b.c"}}])
    );
}

#[test]
fn requests_that_make_no_sense_get_a_code_and_a_place() {
    let create = |data| request("createOne", "User", json!({"data": data}), json!({"id": true}));
    let answers = ask(&[
        create(json!({"email": "a", "nothing": 1})),
        create(json!({})),
        create(json!({"email": 1})),
        create(json!({"email": "a", "role": "KING"})),
        request("findUnique", "User", json!({"where": {"role": "USER"}}), json!({"id": true})),
        request("findMany", "Nobody", json!({}), json!({"id": true})),
        request(
            "createOne",
            "Post",
            json!({"data": {"title": "x", "authorId": 1, "author": {"connect": {"id": 1}}}}),
            json!({"id": true}),
        ),
        request("deleteOne", "User", json!({"where": {"id": 9}}), json!({"id": true})),
    ]);
    let codes: Vec<_> = answers.iter().map(code).collect();
    assert_eq!(codes, ["P2009", "P2012", "P2009", "P2009", "P2009", "P2009", "P2009", "P2025"]);
    assert_eq!(answers[2]["errors"][0]["user_facing_error"]["meta"]["path"], json!(["createOne", "data", "email"]));
}

#[test]
fn a_batch_in_a_transaction_is_done_whole_or_not_at_all() {
    let create = |email: &str| request("createOne", "User", json!({"data": {"email": email}}), json!({"id": true}));
    let count = request("aggregate", "User", json!({}), json!({"_count": true}));
    let answers = ask(&[
        json!({"batch": [create("a"), create("a")], "transaction": {}}),
        count.clone(),
        json!({"batch": [create("a"), create("a"), create("b")]}),
        count,
    ]);
    assert_eq!(code(&answers[0]), "P2002");
    assert_eq!(answers[0]["errors"][0]["user_facing_error"]["batch_request_idx"], json!(1));
    assert_eq!(answers[1]["data"]["aggregateUser"]["_count"], json!(0));
    assert_eq!(answers[2]["batchResult"].as_array().map(Vec::len), Some(3));
    assert_eq!(answers[3]["data"]["aggregateUser"]["_count"], json!(2));
}

#[test]
fn a_line_that_is_no_json_does_not_end_the_program() {
    let count = request("aggregate", "User", json!({}), json!({"_count": true})).to_string();
    let answers = ask_lines(SCHEMA, &["{nonsense", "", &count]);
    assert_eq!(code(&answers[0]), "P2008");
    assert_eq!(answers[1]["data"]["aggregateUser"]["_count"], json!(0));
}

#[test]
fn filters_on_json() {
    let documents = [
        json!({"$type": "Json", "value": r#"{"name": "Ada", "age": 36, "tags": ["x", "y"]}"#}),
        json!({"$type": "Json", "value": r#"{"name": "Bob", "age": 7.5, "tags": "x"}"#}),
        json!({"$type": "Enum", "value": "JsonNull"}),
        json!({"$type": "Enum", "value": "DbNull"}),
    ];
    let mut requests: Vec<Value> = documents
        .iter()
        .zip(1..)
        .map(|(data, n)| {
            request("createOne", "User", json!({"data": {"email": n.to_string(), "data": data}}), json!({"id": true}))
        })
        .collect();
    let text = |text: &str| json!({"$type": "Json", "value": json!(text).to_string()});
    let name = |name: &str| json!({"$type": "Enum", "value": name});
    let found = [
        (json!({"path": ["name"], "equals": text("Ada")}), "1"),
        (json!({"path": "$.name", "not": text("Ada")}), "2"),
        (json!({"path": "$.name", "string_contains": "o"}), "2"),
        (json!({"path": ["name"], "string_starts_with": "A", "string_ends_with": "a"}), "1"),
        (json!({"path": ["tags", "1"], "equals": text("y")}), "1"),
        (json!({"path": "$.tags[0]", "equals": text("x")}), "1"),
        (json!({"path": ["tags"], "array_starts_with": text("x")}), "1"),
        (json!({"path": ["tags"], "array_ends_with": text("x")}), ""),
        (json!({"path": ["age"], "gt": 7, "lt": 30}), "2"),
        (json!({"path": ["name"], "gte": text("B")}), "2"),
        (json!({"equals": name("DbNull")}), "4"),
        (json!({"equals": name("JsonNull")}), "3"),
        (json!({"equals": name("AnyNull")}), "34"),
        (json!({"not": name("AnyNull")}), "12"),
        (json!({"not": name("JsonNull")}), "12"),
        (name("AnyNull"), "34"),
        (Value::Null, "4"),
        (json!({"path": ["age"], "equals": name("DbNull")}), "34"),
    ];
    let wrong = [
        (json!({"path": "name", "equals": text("Ada")}), "P2009", "is no path"),
        (json!({"path": "$.a"}), "P2019", "nothing is asked"),
        (json!({"path": ["a"], "gt": true}), "P2009", "only numbers and text"),
        (json!({"not": {"equals": 1}}), "P2009", "under `NOT`"),
        (json!({"path": ["a"], "string_contains": 1}), "P2009", "text is wanted"),
        (json!({"contains": "x"}), "P2009", "there is no `contains` here"),
        (json!({"path": ["tags"], "array_contains": text("x")}), "P2026", "array_contains"),
    ];
    let find = |filter: &Value| {
        let arguments = json!({"where": {"data": filter}, "orderBy": {"id": "asc"}});
        request("findMany", "User", arguments, json!({"email": true}))
    };
    requests.extend(found.iter().map(|(filter, _)| find(filter)));
    requests.extend(wrong.iter().map(|(filter, ..)| find(filter)));
    let answers = ask(&requests);
    for ((filter, expected), answer) in found.iter().zip(&answers[documents.len()..]) {
        let records = answer["data"]["findManyUser"].as_array().unwrap_or_else(|| panic!("{filter}: {answer}"));
        let emails: String = records.iter().map(|r| r["email"].as_str().unwrap()).collect();
        assert_eq!(emails, *expected, "{filter}");
    }
    for ((filter, expected, part), answer) in wrong.iter().zip(&answers[documents.len() + found.len()..]) {
        assert_eq!(code(answer), *expected, "{filter}: {answer}");
        assert!(answer["errors"][0]["error"].as_str().unwrap().contains(part), "{filter}: {answer}");
    }
}

/// Each request in the guide is answered by the response that follows it.
#[test]
fn the_guide() {
    let read = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let guide = read("json-protocol.md");
    let fences = guide.split("\n```").skip(1).step_by(2).filter_map(|fence| fence.strip_prefix("json\n"));
    let examples: Vec<Value> = fences.map(|text| serde_json::from_str(text).unwrap()).collect();
    assert!(examples.len() >= 14 && examples.len().is_multiple_of(2));
    let requests: Vec<String> = examples.iter().step_by(2).map(Value::to_string).collect();
    let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
    let responses = ask_lines(&read("blog.prisma"), &requests);
    assert_eq!(responses.iter().collect::<Vec<_>>(), examples.iter().skip(1).step_by(2).collect::<Vec<_>>());
}
