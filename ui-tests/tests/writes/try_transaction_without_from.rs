include!("../../blog.rs");

enum ShopError {
    SoldOut,
}

async fn run(db: &PrismaClient) -> Result<(), Error> {
    let sold = db.try_transaction(async |tx| -> Result<(), ShopError> {
        match tx.post().count().await {
            Ok(0) | Err(_) => Err(ShopError::SoldOut),
            Ok(_) => Ok(()),
        }
    });
    assert!(sold.await.is_ok());
    Ok(())
}

fn main() {}
