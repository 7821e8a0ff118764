#[derive(prisma_client::Enum)]
pub enum Role {
    Admin(i32),
    User,
}

fn main() {}
