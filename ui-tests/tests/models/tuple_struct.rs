use prisma_client::Model;

#[derive(Model)]
pub struct User(i32);

fn main() {}
