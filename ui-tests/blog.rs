use prisma_client::Error;

prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        id      Int      @id @default(autoincrement())
        email   String   @unique
        name    String?
        active  Boolean  @default(true)
        version Int      @default(1)
        posts   Post[]
        profile Profile?
    }

    model Profile {
        id     Int    @id @default(autoincrement())
        bio    String
        user   User   @relation(fields: [userId], references: [id])
        userId Int    @unique
    }

    model Post {
        id       Int    @id @default(autoincrement())
        title    String
        views    Int    @default(0)
        author   User   @relation(fields: [authorId], references: [id])
        authorId Int

        @@unique([authorId, title])
    }
}
