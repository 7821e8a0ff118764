prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        id   Int  @id
        role Role @default(ADMN)
    }

    enum Role {
        ADMIN
        USER
    }
}

fn main() {}
