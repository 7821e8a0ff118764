use prisma_client::Error;

prisma_client::prisma_schema! {
    datasource db {
        provider = "postgresql"
        url      = "postgresql://localhost/shop"
    }

    model Post {
        id    Int      @id @default(autoincrement())
        title String
        views Int
        tags  String[]
        marks Int[]
    }
}
