//! Large schemas.

use std::fmt::Write;

/// Models of fifteen fields: keys, defaults, native types, an enum, and a relation to the next model.
pub fn schema(models: usize) -> String {
    let mut text =
        String::from("datasource db {\n  provider = \"postgresql\"\n}\n\nenum Kind {\n  SMALL\n  LARGE\n}\n");
    for i in 0..models {
        let (next, previous) = ((i + 1) % models, (i + models - 1) % models);
        let written = write!(
            text,
            "
/// One of many.
model Model{i} {{
  id         Int       @id @default(autoincrement())
  email      String    @unique @db.VarChar(255)
  name       String?
  kind       Kind      @default(SMALL)
  amount     Decimal   @default(0) @db.Decimal(12, 2)
  score      Float     @default(1.5)
  visits     BigInt    @default(0)
  isActive   Boolean   @default(true) @map(\"is_active\")
  settings   Json      @default(\"{{}}\")
  tags       String[]
  createdAt  DateTime  @default(now()) @map(\"created_at\")
  updatedAt  DateTime  @updatedAt
  next       Model{next}? @relation(\"Link{i}\", fields: [nextId], references: [id], onDelete: SetNull)
  nextId     Int?
  previous   Model{previous}[] @relation(\"Link{previous}\")

  @@index([name, createdAt(sort: Desc)])
  @@map(\"model_{i}\")
}}
"
        );
        debug_assert!(written.is_ok());
    }
    text
}
