prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        id    Int @id
        posts Post[]
    }

    model Post {
        id       Int    @id
        author   User   @relation(fields: [authorId], references: [id])
        authorId String
    }
}

fn main() {}
