//! The clients of ordinary schemas.

/// The client.
pub mod db {
    prisma_client::prisma_schema! {
        datasource db {
            provider = "sqlite"
            url      = "file:dev.db"
        }

        model User {
            id      Int     @id @default(autoincrement())
            email   String  @unique
            role    Role    @default(USER)
            posts   Post[]
            manager User?   @relation("manager", fields: [managerId], references: [id], onDelete: NoAction, onUpdate: NoAction)
            managerId Int?
            reports User[]  @relation("manager")
        }

        /// What is written.
        model Post {
            id       Int    @id @default(autoincrement())
            /// What it is called.
            title    String
            author   User   @relation(fields: [authorId], references: [id])
            authorId Int

            @@unique([authorId, title])
        }

        enum Role {
            USER
            SUPER_ADMIN
        }
    }
}

/// Models that are structs.
pub mod code {
    use prisma_client::{Enum, Model, NotIncluded};

    /// Who writes.
    #[derive(Model)]
    #[prisma(map = "users", index(email, role))]
    pub struct User<Posts = NotIncluded, Profile = NotIncluded, Friends = NotIncluded, FriendOf = NotIncluded> {
        /// Its number.
        #[prisma(id, default(autoincrement()))]
        pub id: i32,
        /// Where to write to.
        #[prisma(unique, map = "mail")]
        pub email: String,
        /// What it may do.
        #[prisma(default(Role::Admin))]
        pub role: Role,
        /// When it changed.
        #[prisma(updated_at)]
        pub updated_at: prisma_client::chrono::DateTime<prisma_client::chrono::Utc>,
        /// What it has written.
        #[prisma(relation(many(Post::author)))]
        pub posts: Posts,
        /// More on it.
        #[prisma(relation(one(Profile::user)))]
        pub profile: Profile,
        /// Whom it likes.
        #[prisma(relation(many(User::friend_of)))]
        pub friends: Friends,
        /// Who likes it.
        #[prisma(relation(many(User::friends)))]
        pub friend_of: FriendOf,
    }

    /// What is written.
    #[derive(Model)]
    #[prisma(unique(author_id, title, name = "title_of_author"))]
    pub struct Post<Author = NotIncluded> {
        /// Its number.
        #[prisma(id)]
        pub id: i64,
        /// What it is called.
        pub title: String,
        /// Who wrote it.
        pub author_id: Option<i32>,
        /// Who wrote it.
        #[prisma(relation(one(User), fields(author_id), references(id), on_delete = SetNull))]
        pub author: Author,
    }

    /// More on a user.
    #[derive(Model)]
    pub struct Profile<User = NotIncluded> {
        /// Its number.
        #[prisma(id)]
        pub id: i32,
        /// Whose it is.
        #[prisma(unique)]
        pub user_id: i32,
        /// Whose it is.
        #[prisma(relation(one(User), fields(user_id), references(id)))]
        pub user: User,
    }

    /// What a user may do.
    #[derive(Enum)]
    pub enum Role {
        /// Everything.
        #[prisma(map = "admin")]
        Admin,
        /// Nothing.
        Guest,
    }

    prisma_client::client! {
        pub struct PrismaClient { provider = "sqlite", url = env("DATABASE_URL"), models = [User, Post, Profile], enums = [Role] }
    }
}

/// What is written with them.
pub fn uses() {
    let _ = code::user::create().email("a@b.c").posts([code::post::create().id(1).title("x")]);
    let _ = code::post::title_of_author.eq((1, "x"));
    let _: Option<prisma_client::With!(db::user { posts { author }, manager })> = None;
}
