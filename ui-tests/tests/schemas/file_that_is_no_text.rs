prisma_client::prisma_schema!("../../../../ui-tests/schemas/latin1.prisma");

fn main() {}
