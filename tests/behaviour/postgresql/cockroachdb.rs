//! The queries for CockroachDB, on a server of PostgreSQL: what both understand alike.

mod db {
    prisma_client::prisma_schema! {
        datasource db {
            provider = "cockroachdb"
            url      = "postgresql://localhost:26257/shop"
        }

        model Shelf {
            id    BigInt @id @default(autoincrement())
            label String @unique
            items Item[]
        }

        model Item {
            id      BigInt   @id @default(autoincrement())
            name    String
            note    String?
            views   Int      @default(0)
            tags    String[]
            shelf   Shelf?   @relation(fields: [shelfId], references: [id])
            shelfId BigInt?
        }
    }
}
use db::{Item, PrismaClient, item, shelf};
use test_servers::{Database, Server};

type Items<'db> = prisma_client::typed::Find<'db, Item, Item, prisma_client::typed::ManyRows>;

const TABLES: &str = r#"
CREATE TABLE "Shelf" ("id" bigserial PRIMARY KEY, "label" text NOT NULL UNIQUE);
CREATE TABLE "Item" ("id" bigserial PRIMARY KEY, "name" text NOT NULL, "note" text, "views" int NOT NULL, "tags" text[],
  "shelfId" bigint REFERENCES "Shelf" ON DELETE SET NULL ON UPDATE CASCADE)"#;

#[tokio::test]
async fn queries() {
    if !super::is_asked_for() {
        return;
    }
    let database = Database::create(Server::Postgresql);
    let db = PrismaClient::builder().url(database.url("")).connect().await.unwrap();
    db.driver().create_database().await.unwrap();
    let mut c = db.driver().acquire().await.unwrap();
    c.execute_script(TABLES).await.unwrap();
    drop(c);

    let items = [("Cup", Some("blue")), ("Plate", None), ("cup and plate", Some("red"))];
    let items = items.map(|(name, note)| item::create().name(name).note(note.map(str::to_owned)).tags(["new"]));
    let top = db.shelf().create(shelf::create().label("top").items(items)).include(shelf::items).await.unwrap();
    assert_eq!(top.items.len(), 3);
    let names = async |query: Items<'_>| query.await.unwrap().into_iter().map(|i| i.name).collect::<Vec<_>>();
    let all = || db.item().find_many();
    assert_eq!(
        names(all().filter(item::name.contains("CUP").insensitive()).order_by(item::id.asc())).await,
        ["Cup", "cup and plate"]
    );
    assert_eq!(
        names(all().filter(item::name.is_in(["Cup", "Plate"])).order_by(item::name.desc())).await,
        ["Plate", "Cup"]
    );
    assert_eq!(names(all().filter(item::name.not_in(["Cup", "Plate"]))).await, ["cup and plate"]);
    let by_note = all().order_by(item::note.asc().nulls_last()).order_by(item::id.asc());
    assert_eq!(names(by_note.cursor(item::id.eq(top.items[0].id)).skip(1).take(2)).await, ["cup and plate", "Plate"]);
    assert_eq!(names(all().filter(item::shelf.is(shelf::label.eq("top"))).take(-1)).await, ["cup and plate"]);
    let pushed =
        db.item().update(item::id.eq(top.items[0].id), (item::tags.push(["a", "b"]), item::views.increment(7)));
    let pushed = pushed.await.unwrap();
    assert_eq!((pushed.tags, pushed.views), (vec!["new".to_owned(), "a".to_owned(), "b".to_owned()], 7));
    assert_eq!(db.item().count().filter(item::tags.has("a")).await.unwrap(), 1);
    assert_eq!(db.item().count().filter(item::tags.has_some(["a", "new"])).await.unwrap(), 3);
    let upsert = || db.shelf().upsert(shelf::label.eq("low"), shelf::create().label("low"), shelf::label.set("lower"));
    assert_eq!(upsert().await.unwrap().label, "low");
    assert_eq!(upsert().await.unwrap().label, "lower");
    assert_eq!(db.item().update_many(item::views.set(1)).filter(item::views.eq(0)).limit(1).await.unwrap(), 1);
    let page = db.shelf().find_many().include(shelf::items.order_by(item::id.desc()).take(1)).order_by(shelf::id.asc());
    assert_eq!(page.await.unwrap()[0].items[0].name, "cup and plate");
    let error = db.shelf().create(shelf::create().label("top")).await.unwrap_err();
    assert_eq!(error.code(), Some("P2002"));
    assert_eq!(db.item().delete_many().all().await.unwrap(), 3);
}
