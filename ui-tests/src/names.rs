//! Models, fields and values that are called as what the standard library has, and as keywords.

/// The client.
pub mod db {
    prisma_client::prisma_schema! {
        datasource db {
            provider = "sqlite"
            url      = "file:dev.db"
        }

        model Result {
            id       Int     @id
            ok       String
            err      Some?
            value    Int
            i32      Int
            bool     Boolean
            str      String?
            type     String
            match    Int?
            self     Int?
            create_d DateTime
            Vec      Vec[]
            options  Option[]
        }

        model Option {
            id        Int     @id
            some      Result? @relation(fields: [someId], references: [id])
            someId    Int?
            Option    Option? @relation("self", fields: [selfId], references: [id], onDelete: NoAction, onUpdate: NoAction)
            selfId    Int?
            Options   Option[] @relation("self")
        }

        model Vec {
            id     Int    @id
            result Result @relation(fields: [resultId], references: [id])
            resultId Int
            result_id_2 Int
        }

        model Transaction {
            id   Int @id
            node Int
            R0   Int
        }

        model Clone {
            id      Int @id
            default Clone? @relation("c", fields: [defaultId], references: [id], onDelete: NoAction, onUpdate: NoAction)
            defaultId Int?
            clones  Clone[] @relation("c")
        }

        model lower_case {
            id Int @id
        }

        enum Some {
            None
            SOME
            Self_
        }
    }
}

/// What is written with it.
pub fn uses(db: &db::PrismaClient) {
    let _ = db.result().find_many().filter(db::result::r#type.eq("x")).include(db::result::vec);
    let _ = db.transaction_().create(db::transaction::create().id(1).node(1).r0(1));
    let _ = db.lower_case().find_unique(db::lower_case::id.eq(1));
    let _ = db::Some::Some;
    let _ = db::option::create().id(1).option(db::option::id.eq(2));
}
