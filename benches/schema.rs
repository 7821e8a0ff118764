//! The schema language on a thousand models of fifteen fields, and on half and a quarter of them: time must grow with the
//! size, no faster.

use std::fmt::Write;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use prisma_schema::{SourceFile, format, parse};

/// Models of fifteen fields: keys, defaults, native types, an enum, and a relation to the next model.
fn schema(models: usize) -> String {
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

fn schemas(c: &mut Criterion) {
    for (name, work) in [
        ("parse and validate", (|text| drop(parse(vec![SourceFile::new("schema.prisma", text)]))) as fn(&str)),
        ("format", |text| drop(format(text))),
    ] {
        let mut group = c.benchmark_group(name);
        group.sample_size(20);
        for models in [250, 500, 1000] {
            let text = schema(models);
            assert!(parse(vec![SourceFile::new("schema.prisma", text.as_str())]).is_ok(), "the schema is valid");
            group.throughput(Throughput::Elements(models as u64));
            group.bench_with_input(BenchmarkId::from_parameter(models), &text, |b, text| b.iter(|| work(text)));
        }
        group.finish();
    }
}

criterion_group!(benches, schemas);
criterion_main!(benches);
