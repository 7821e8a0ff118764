prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        id    Int    @id
        email String @uniqe
    }
}

fn main() {}
