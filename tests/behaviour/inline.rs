//! The schema within the macro.

prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    /// Somebody who writes.
    model User {
        id    Int     @id @default(autoincrement())
        email String  @unique
        posts Post[]
    }

    model Post {
        id       Int    @id @default(autoincrement())
        title    String @default("it's a \"title\"")
        author   User?  @relation(fields: [authorId], references: [id])
        authorId Int?
    }
}

#[tokio::test]
async fn the_same_comes_out() {
    let db = PrismaClient::in_memory().await.unwrap();
    let user =
        db.user().create(user::create().email("a@b.c").posts(post::create())).include(user::posts).await.unwrap();
    assert_eq!(user.posts[0].title, "it's a \"title\"");
    assert_eq!(db.post().create_many((0..3).map(|_| post::create())).await.unwrap(), 3, "the database makes all");
    assert_eq!(db.post().count().await.unwrap(), 4);
}
