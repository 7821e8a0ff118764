prisma_client::prisma_schema! {
    datasource db {
        provider = "sqlite"
        url      = "file:dev.db"
    }

    model BlogPost {
        id Int @id
    }

    model blog_post {
        id Int @id
    }
}

fn main() {}
