prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        email String
    }
}

fn main() {}
