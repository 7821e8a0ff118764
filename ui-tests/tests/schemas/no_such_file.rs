prisma_client::prisma_schema!("no-such-folder/schema.prisma");

fn main() {}
