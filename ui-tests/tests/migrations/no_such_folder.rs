use prisma_client::Migrations;

const MIGRATIONS: Migrations = prisma_client::migrations!("no-such-folder/migrations");

fn main() {
    let _ = MIGRATIONS;
}
