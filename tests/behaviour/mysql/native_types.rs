//! Native types, to the ends of what they hold.

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use prisma_client::Load;
use test_servers::{Database, Server};

use super::is_asked_for;

prisma_client::prisma_schema! {
    datasource db {
        provider = "mysql"
        url      = "mysql://localhost"
    }

    model Numbers {
        id        BigInt   @id @default(autoincrement()) @db.UnsignedBigInt
        tiny      Int?     @db.TinyInt
        tinyU     Int?     @db.UnsignedTinyInt
        small     Int?     @db.SmallInt
        smallU    Int?     @db.UnsignedSmallInt
        medium    Int?     @db.MediumInt
        mediumU   Int?     @db.UnsignedMediumInt
        int       Int?
        intU      Int?     @db.UnsignedInt
        year      Int?     @db.Year
        big       BigInt?
        bigU      BigInt?  @db.UnsignedBigInt
        single    Float?   @db.Float
        double    Float?
        flag      Boolean? @db.TinyInt
        bit       Boolean? @db.Bit(1)
        bits      Bytes?   @db.Bit(64)
        money     Decimal? @db.Decimal(65, 30)
        whole     Decimal? @db.Decimal(65, 0)
        part      Numbers?  @relation("part", fields: [partId], references: [id])
        partId    BigInt?   @db.UnsignedBigInt
        parts     Numbers[] @relation("part")
    }

    model Words {
        id      String    @id @default(dbgenerated("(uuid())")) @db.Char(36)
        char    String?   @db.Char(5)
        short   String?   @db.VarChar(5)
        tiny    String?   @db.TinyText
        text    String?   @db.Text
        medium  String?   @db.MediumText
        long    String?   @db.LongText
        mood    Mood?
        fixed   Bytes?    @db.Binary(4)
        binary  Bytes?    @db.VarBinary(4)
        blob    Bytes?    @db.Blob
        longest Bytes?    @db.LongBlob
        part    Words?    @relation("part", fields: [partId], references: [id])
        partId  String?   @db.Char(36)
        parts   Words[]   @relation("part")
    }

    model Times {
        id      Int       @id @default(autoincrement())
        date    DateTime? @db.Date
        time    DateTime? @db.Time(6)
        hour    DateTime? @db.Time(0)
        exact   DateTime? @db.DateTime(6)
        rounded DateTime?
        stamp   DateTime? @db.Timestamp(6)
        part    Times?    @relation("part", fields: [partId], references: [id])
        partId  Int?
        parts   Times[]   @relation("part")
    }

    enum Mood {
        HAPPY
        SO_SO @map("so so")
        @@map("moods")
    }
}

struct Db {
    db: PrismaClient,
    _scratch: Database,
}

async fn fresh() -> Db {
    let scratch = Database::create(Server::Mysql);
    let db = PrismaClient::builder().url(scratch.url("")).max_connections(2).connect().await.unwrap();
    db.push_schema().await.unwrap();
    Db { db, _scratch: scratch }
}

/// Writes a value into an optional column, reads it back, finds the record by it, and reads it as one of a related record.
macro_rules! holds {
    ($db:expr, $accessor:ident, $model:ident :: $field:ident, $value:expr) => {{
        let value = || $value;
        let made = $db.$accessor().create($model::create().$field(value())).await.unwrap();
        assert_eq!(made.$field, Some(value()));
        let id = || $model::id.eq(made.id.clone());
        let found = $db.$accessor().find_many().filter($model::$field.eq(value()) & id());
        assert_eq!(found.await.unwrap(), [made.clone()], "found by {:?}", value());
        $db.$accessor().update(id(), $model::part.connect(id())).await.unwrap();
        for load in [Load::Query, Load::Join] {
            let read =
                $db.$accessor().find_unique_or_error(id()).include($model::part).include($model::parts).load(load);
            let read = read.await.unwrap_or_else(|e| panic!("{load:?}: {e}"));
            let related = [read.part.unwrap().$field, read.parts[0].$field.clone()];
            assert_eq!(related, [Some(value()), Some(value())], "related: {load:?}");
        }
    }};
}

/// A value that a column cannot hold is refused, not bent.
macro_rules! refuses {
    ($db:expr, $accessor:ident, $model:ident :: $field:ident, $value:expr, $code:literal) => {{
        let error = $db.$accessor().create($model::create().$field($value)).await.unwrap_err();
        assert_eq!(error.code(), Some($code), "{error}");
    }};
}

#[tokio::test]
async fn numbers() {
    let Db { db, _scratch } = &fresh!();
    for value in [-128, 127] {
        holds!(db, numbers, numbers::tiny, value);
    }
    for value in [0, 255] {
        holds!(db, numbers, numbers::tiny_u, value);
    }
    for value in [i32::from(i16::MIN), i32::from(i16::MAX)] {
        holds!(db, numbers, numbers::small, value);
    }
    holds!(db, numbers, numbers::small_u, 65_535);
    for value in [-8_388_608, 8_388_607] {
        holds!(db, numbers, numbers::medium, value);
    }
    holds!(db, numbers, numbers::medium_u, 16_777_215);
    for value in [i32::MIN, i32::MAX] {
        holds!(db, numbers, numbers::int, value);
    }
    holds!(db, numbers, numbers::int_u, i32::MAX);
    for value in [1901, 2155] {
        holds!(db, numbers, numbers::year, value);
    }
    for value in [i64::MIN, i64::MAX] {
        holds!(db, numbers, numbers::big, value);
    }
    holds!(db, numbers, numbers::big_u, i64::MAX);
    holds!(db, numbers, numbers::single, 0.5);
    for value in [f64::MIN, f64::MAX, 5e-324] {
        holds!(db, numbers, numbers::double, value);
    }
    for value in [true, false] {
        holds!(db, numbers, numbers::flag, value);
        holds!(db, numbers, numbers::bit, value);
    }
    let made = db.numbers().create(numbers::create().bits(vec![0xff; 8]).single(0.1)).await.unwrap();
    assert_eq!((made.bits, made.single), (Some(vec![0xff; 8]), Some(0.1)));
    for text in
        ["99999999999999999999999999999999999.999999999999999999999999999999", "-0.000000000000000000000000000001"]
    {
        holds!(db, numbers, numbers::money, text.parse::<BigDecimal>().unwrap());
    }
    holds!(db, numbers, numbers::whole, "-9".parse::<BigDecimal>().unwrap());
    holds!(db, numbers, numbers::whole, "9".repeat(65).parse::<BigDecimal>().unwrap());
    refuses!(db, numbers, numbers::tiny, 128, "P2020");
    refuses!(db, numbers, numbers::int_u, -1, "P2020");
    refuses!(db, numbers, numbers::whole, "9".repeat(66).parse::<BigDecimal>().unwrap(), "P2006");
}

/// More than an Int of 32 bits comes out of the column, but not into the field.
#[tokio::test]
async fn more_than_the_field_holds() {
    let Db { db, _scratch } = &fresh!();
    db.driver()
        .acquire()
        .await
        .unwrap()
        .execute_script("INSERT INTO `Numbers` (`intU`, `bigU`) VALUES (4294967295, 0)")
        .await
        .unwrap();
    let error = db.numbers().find_many().await.unwrap_err();
    assert_eq!(error.code(), Some("P2023"), "{error}");
    assert!(error.to_string().contains("`Numbers.intU`") && error.to_string().contains("4294967295"), "{error}");
}

#[tokio::test]
async fn words() {
    let Db { db, _scratch } = &fresh!();
    for value in ["", "abcde", "ü🦀日本語"] {
        holds!(db, words, words::char, value.to_owned());
        holds!(db, words, words::short, value.to_owned());
        holds!(db, words, words::tiny, value.to_owned());
    }
    holds!(db, words, words::text, "x".repeat(65_535));
    holds!(db, words, words::medium, "ü".repeat(70_000));
    holds!(db, words, words::long, "\0\u{1}\\'\"".to_owned());
    holds!(db, words, words::mood, Mood::SoSo);
    holds!(db, words, words::fixed, vec![0, 1, 0, 255]);
    holds!(db, words, words::binary, vec![0]);
    holds!(db, words, words::blob, vec![7; 65_535]);
    holds!(db, words, words::longest, vec![0; 100_000]);
    refuses!(db, words, words::short, "abcdef", "P2000");
    refuses!(db, words, words::text, "x".repeat(65_536), "P2000");
    refuses!(db, words, words::binary, vec![1; 5], "P2000");
    // The key is made by the database, and known all the same.
    let id = db.words().create(words::create()).await.unwrap().id;
    assert!(uuid_like(&id) && db.words().find_unique(words::id.eq(&id)).await.unwrap().is_some(), "{id}");
    let many = db.words().create_many_and_return([words::create(), words::create().short("x")]).await.unwrap();
    assert!(many.len() == 2 && many.iter().all(|w| uuid_like(&w.id)));
}

fn uuid_like(text: &str) -> bool {
    text.len() == 36 && text.matches('-').count() == 4
}

#[tokio::test]
async fn times() {
    let Db { db, _scratch } = &fresh!();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for (year, month, day) in [(1000, 1, 1), (1969, 12, 31), (2024, 2, 29), (9999, 12, 31)] {
        holds!(db, times, times::date, NaiveDate::from_ymd_opt(year, month, day).unwrap());
    }
    for micro in [0, 1, 999_999] {
        holds!(db, times, times::time, NaiveTime::from_hms_micro_opt(23, 59, 59, micro).unwrap());
    }
    holds!(db, times, times::time, NaiveTime::MIN);
    holds!(db, times, times::hour, NaiveTime::from_hms_opt(12, 0, 0).unwrap());
    for text in ["1000-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"] {
        holds!(db, times, times::exact, at(text));
    }
    holds!(db, times, times::rounded, at("2024-02-29T12:00:00.123Z"));
    for text in ["1970-01-01T00:00:01Z", "2038-01-19T03:14:07.999999Z"] {
        holds!(db, times, times::stamp, at(text));
    }
    // A column of three digits rounds what has more (MySQL), or cuts it (MariaDB).
    let made = db.times().create(times::create().rounded(at("2024-02-29T12:00:00.1237Z"))).await.unwrap();
    assert!([3, 4].map(|n| Some(at(&format!("2024-02-29T12:00:00.12{n}Z")))).contains(&made.rounded), "{made:?}");
    refuses!(db, times, times::stamp, at("2039-01-01T00:00:00Z"), "P2007");
}

/// Keys that the statement itself moves are found again.
#[tokio::test]
async fn keys_that_move() {
    let Db { db, _scratch } = &fresh!();
    let made = db.numbers().create(numbers::create().int(1)).await.unwrap();
    let moved = db.numbers().update(numbers::id.eq(made.id), (numbers::id.increment(100), numbers::int.set(2))).await;
    let moved = moved.unwrap();
    assert_eq!((moved.id, moved.int), (made.id + 100, Some(2)));
    let many = db.numbers().update_many_and_return(numbers::id.multiply(2)).all().await.unwrap();
    assert_eq!(many.iter().map(|n| n.id).collect::<Vec<_>>(), [moved.id * 2]);
    assert_eq!(db.numbers().find_many().await.unwrap(), many);
}
