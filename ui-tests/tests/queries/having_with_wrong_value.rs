include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().group_by(post::author_id).having(post::views.sum().gt("many")).await?;
    Ok(())
}

fn main() {}
