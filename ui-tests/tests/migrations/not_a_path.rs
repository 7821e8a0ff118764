fn main() {
    let folder = "prisma/migrations";
    let _ = prisma_client::migrations!(folder);
}
