//! The schema language on a thousand models of fifteen fields, and on half and a quarter of them: time must grow with the
//! size, no faster.

use benches::many_models::schema;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use prisma_schema::{SourceFile, format, parse};

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
