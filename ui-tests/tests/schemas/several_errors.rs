prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model User {
        id    Int   @id
        email Strng
        posts Pst[]
    }

    model Post {
        id    Int    @id
        title String @unque
    }
}

fn main() {}
