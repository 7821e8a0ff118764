//! Records and serde.

mod db {
    prisma_client::prisma_schema! {
        datasource db {
            provider = "sqlite"
            url      = "file:dev.db"
        }

        model User {
            id     Int      @id
            name   String?
            role   Role     @default(SUPER_ADMIN)
            seenAt DateTime
            worth  Decimal
            bytes  Bytes
            extra  Json
            posts  Post[]
            best   Post?    @relation("best", fields: [bestId], references: [id])
            bestId Int?     @unique
        }

        model Post {
            id       Int   @id
            author   User  @relation(fields: [authorId], references: [id])
            authorId Int
            bestOf   User? @relation("best")
        }

        enum Role {
            USER
            SUPER_ADMIN @map("admin")
        }
    }
}

use db::{Role, User, post, user};
use prisma_client::serde_json::{self, json};
use prisma_client::{NotIncluded, With};

fn plain() -> User {
    serde_json::from_value(json!({
        "id": 1, "role": "SUPER_ADMIN", "seenAt": "2026-01-02T03:04:05Z", "worth": "1.10", "bytes": [1, 2],
        "extra": {"a": null}, "unknown": [1]
    }))
    .unwrap()
}

#[test]
fn a_relation_that_is_not_included_is_left_out() {
    let user = plain();
    assert_eq!((user.name.clone(), user.role, user.posts), (None, Role::SuperAdmin, NotIncluded));
    let expected = json!({
        "id": 1, "name": null, "role": "SUPER_ADMIN", "seenAt": "2026-01-02T03:04:05Z", "worth": "1.10", "bytes": [1, 2],
        "extra": {"a": null}, "bestId": null
    });
    assert_eq!(serde_json::to_value(&user).unwrap(), expected);
}

#[test]
fn relations_there_and_back() {
    type Full = With!(user { posts { author }, best });
    let mut text = serde_json::to_value(plain()).unwrap();
    let author = text.clone();
    text["posts"] = json!([{"id": 7, "authorId": 1, "author": author}]);
    let user: Full = serde_json::from_value(text.clone()).unwrap();
    assert_eq!((user.posts[0].id, user.posts[0].author.role, user.best.is_none()), (7, Role::SuperAdmin, true));
    text["best"] = json!(null);
    assert_eq!(serde_json::to_value(&user).unwrap(), text);
    let again: Full = serde_json::from_str(&serde_json::to_string(&user).unwrap()).unwrap();
    assert_eq!(again, user);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let missing = serde_json::from_value::<With!(post { author })>(json!({"id": 1, "authorId": 1})).unwrap_err();
    assert_eq!(missing.to_string(), "missing field `author`");
    let missing = serde_json::from_value::<User>(json!({"id": 1})).unwrap_err();
    assert_eq!(missing.to_string(), "missing field `role`");
    let wrong = serde_json::from_value::<db::Post>(json!({"id": "one", "authorId": 1})).unwrap_err();
    assert_eq!(wrong.to_string(), "the field `id` of `Post` is Int, and \"one\" is no such value");
}
