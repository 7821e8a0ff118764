prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model Post {
        id        Int @id
        authorId  Int
        author_id Int
    }
}

fn main() {}
