mod db {
    prisma_client::prisma_schema! {
        datasource db {
            provider = "sqlite"
            url      = "file:dev.db"
        }
        model Note {
            id   Int  @id
            meta Json
        }
    }
}

use db::note;

fn main() {
    let _ = note::meta.path(["tags"]).array_starts_with("a");
    let _ = note::meta.path(["tags"]).array_contains("a");
    let _ = note::id.path(["tags"]);
    let _ = note::meta.path(["tags"]).gt(true);
}
