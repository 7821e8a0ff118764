prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        id   Int  @id
        role Role
    }

    enum Role {
        SUPER_ADMIN
        SuperAdmin
    }
}

fn main() {}
