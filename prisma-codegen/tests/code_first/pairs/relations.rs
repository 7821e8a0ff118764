use prisma_client::{Model, NotIncluded, client};

#[derive(Model)]
#[prisma(index(boss_id))]
pub struct User<Profile = NotIncluded, Posts = NotIncluded, Reviewed = NotIncluded, Boss = NotIncluded, Team = NotIncluded, Friends = NotIncluded, FriendOf = NotIncluded> {
    #[prisma(id, default(autoincrement()))]
    pub id: i32,
    #[prisma(unique)]
    pub email: String,
    #[prisma(relation(one(Profile::user)))]
    pub profile: Profile,
    #[prisma(relation(many(Post::author)))]
    pub posts: Posts,
    #[prisma(relation(many(Post::reviewer)))]
    pub reviewed: Reviewed,
    pub boss_id: Option<i32>,
    #[prisma(relation(one(User), fields(boss_id), references(id), on_delete = Restrict, on_update = Restrict))]
    pub boss: Boss,
    #[prisma(relation(many(User::boss)))]
    pub team: Team,
    #[prisma(relation(many(User::friend_of), name = "User_friends"))]
    pub friends: Friends,
    #[prisma(relation(many(User::friends)))]
    pub friend_of: FriendOf,
}

#[derive(Model)]
pub struct Profile<User = NotIncluded> {
    #[prisma(id)]
    pub user_id: i32,
    #[prisma(relation(one(User), fields(user_id), references(id), on_delete = Cascade))]
    pub user: User,
}

#[derive(Model)]
#[prisma(id(site, slug), index(author_id), index(reviewer_id))]
pub struct Post<Author = NotIncluded, Reviewer = NotIncluded, Tags = NotIncluded, Prints = NotIncluded> {
    pub site: String,
    pub slug: String,
    pub author_id: i32,
    pub reviewer_id: Option<i32>,
    #[prisma(relation(one(User), fields(author_id), references(id), on_update = Restrict))]
    pub author: Author,
    #[prisma(relation(one(User), fields(reviewer_id), references(id), name = "reviews"))]
    pub reviewer: Reviewer,
    #[prisma(relation(many(PostTag::post)))]
    pub tags: Tags,
    #[prisma(relation(many(Print::post)))]
    pub prints: Prints,
}

#[derive(Model)]
#[prisma(id(site, slug, name, name = "key"))]
pub struct PostTag<Post = NotIncluded> {
    pub site: String,
    pub slug: String,
    pub name: String,
    #[prisma(relation(one(Post), fields(site, slug), references(site, slug)))]
    pub post: Post,
}

#[derive(Model)]
#[prisma(index(site, slug))]
pub struct Print<Post = NotIncluded, Shops = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    pub site: String,
    pub slug: String,
    // Its columns are required, but nothing need be there.
    #[prisma(relation(one(Post), optional, fields(site, slug), references(site, slug)))]
    pub post: Post,
    #[prisma(relation(many(Shop::prints)))]
    pub shops: Shops,
}

#[derive(Model)]
pub struct Shop<Prints = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(relation(many(Print::shops)))]
    pub prints: Prints,
}

client! {
    pub struct PrismaClient {
        provider = "sqlite",
        url = "file:dev.db",
        relation_mode = "prisma",
        models = [User, Profile, Post, PostTag, Print, Shop],
    }
}
