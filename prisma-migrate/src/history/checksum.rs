//! What tells whether a migration is the one that was applied: the SHA-256 of its SQL.

use sha2::{Digest, Sha256};

/// The checksum of a migration's SQL, as the history keeps it.
pub fn checksum(sql: &str) -> String {
    crate::sql::hex(&Sha256::digest(sql))
}

/// Whether a checksum is that of a script, however its lines end: version control changes them from machine to machine.
pub(super) fn is_of(checksum: &str, sql: &str) -> bool {
    let unix = sql.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    [sql, &unix, &windows].into_iter().any(|sql| {
        let digest = Sha256::digest(sql);
        checksum.eq_ignore_ascii_case(&crate::sql::hex(&digest)) || checksum == unpadded(&digest)
    })
}

/// As the first versions of Prisma wrote it: without the zero of a byte below 16.
fn unpadded(digest: &[u8]) -> String {
    digest.iter().map(|b| format!("{b:x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_old_spellings() {
        let lines = "CREATE TABLE a (\n  id INT\n);\n";
        assert_eq!(checksum(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(checksum("SELECT 1;\n"), "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd");
        for written in [lines.to_owned(), lines.replace('\n', "\r\n")] {
            let kept = checksum(&written);
            assert!(is_of(&kept, lines) && is_of(&kept, &lines.replace('\n', "\r\n")));
            assert!(!is_of(&kept, "CREATE TABLE a (id INT);\n"));
        }
        // The digest of the empty text has no byte below 16; this one's has.
        let old = unpadded(&Sha256::digest("SELECT 1;\n"));
        assert!(old.len() < 64 && is_of(&old, "SELECT 1;\n"));
    }
}
