//! Included relations and counts.

use super::*;

impl Db {
    fn include(&self, path: &str, arguments: Arguments, selection: Selection) -> RelationSelection {
        RelationSelection { field: self.field(path), arguments, selection }
    }

    fn columns(&self, paths: &[&str], relations: Vec<RelationSelection>) -> Selection {
        Selection { columns: self.fields(paths), relations, aggregates: vec![], unnamed: vec![] }
    }

    /// All users with posts, chosen by the arguments.
    async fn posts_of_users(&self, users: Arguments, posts: Arguments) -> Vec<String> {
        let posts = self.include("User.posts", posts, self.columns(&["Post.id"], vec![]));
        self.read("User", users, self.columns(&["User.name"], vec![posts])).await
    }
}

fn page(order: Vec<Order>, skip: u64, take: i64) -> Arguments {
    Arguments { order, skip: Some(skip), take: Some(take), ..Default::default() }
}

#[tokio::test]
async fn one_to_many() {
    let db = Db::new().await;
    let all = db.posts_of_users(Arguments::default(), Arguments::default()).await;
    assert_eq!(all, ["ann posts[1; 2; 3; 8]", "bob posts[4; 5]", "cid posts[6]", "dan posts[]", "eve posts[]"]);
    let last = page(vec![db.by("User.id", Direction::Asc)], 0, -3);
    let views = Arguments { order: vec![db.by("Post.views", Direction::Desc)], ..Default::default() };
    let last = db.posts_of_users(last, views).await;
    assert_eq!(last, ["cid posts[6]", "dan posts[]", "eve posts[]"]);
}

#[tokio::test]
async fn paged_for_each_parent() {
    let db = Db::new().await;
    let views = |direction| vec![db.by("Post.views", direction)];
    for one in [false, true] {
        let users = || Arguments { filter: one.then(|| db.eq("User.id", 1)), ..Default::default() };
        let ann = async |posts| db.posts_of_users(users(), posts).await[0].clone();
        assert_eq!(ann(page(views(Direction::Desc), 0, 2)).await, "ann posts[8; 3]");
        assert_eq!(ann(page(views(Direction::Desc), 1, 2)).await, "ann posts[3; 2]");
        assert_eq!(ann(page(views(Direction::Desc), 1, -2)).await, "ann posts[3; 2]");
        assert_eq!(ann(page(views(Direction::Desc), 0, -1)).await, "ann posts[1]");
        assert_eq!(ann(Arguments { skip: Some(3), ..Default::default() }).await, "ann posts[8]");
        let from = |id: i32, arguments| Arguments { cursor: Some(Box::new(db.unique("Post.id", id))), ..arguments };
        assert_eq!(ann(from(2, page(vec![], 0, 2))).await, "ann posts[2; 3]");
        assert_eq!(ann(from(2, page(vec![], 0, -5))).await, "ann posts[1; 2]");
        assert_eq!(ann(from(4, Arguments::default())).await, "ann posts[]");
    }
    let two = db.posts_of_users(Arguments::default(), page(views(Direction::Desc), 0, 1)).await;
    assert_eq!(two[..3], ["ann posts[8]", "bob posts[5]", "cid posts[6]"]);
    let distinct = Arguments { distinct: vec![db.field("Post.subtitle")], ..page(vec![], 0, 2) };
    let distinct = db.posts_of_users(Arguments::default(), distinct).await;
    assert_eq!(distinct[..3], ["ann posts[1; 2]", "bob posts[4; 5]", "cid posts[6]"]);
}

#[tokio::test]
async fn to_one() {
    let db = Db::new().await;
    let author = db.include("Post.author", Arguments::default(), db.columns(&["User.name"], vec![]));
    let posts = db.read("Post", Arguments::default(), db.columns(&["Post.id"], vec![author])).await;
    assert_eq!(posts[0], "1 author[ann]");
    assert_eq!(posts[2..7], ["3 author[ann]", "4 author[bob]", "5 author[bob]", "6 author[cid]", "7 author[]"]);
    let profile = db.include("User.profile", Arguments::default(), Selection::default());
    let users = db.read("User", Arguments::default(), db.columns(&["User.id"], vec![profile])).await;
    assert_eq!(users, ["1 profile[10,a,1]", "2 profile[]", "3 profile[30,c,3]", "4 profile[]", "5 profile[]"]);
}

#[tokio::test]
async fn many_to_many() {
    let db = Db::new().await;
    let tags = |arguments| db.include("Post.tags", arguments, db.columns(&["Tag.name"], vec![]));
    let name = || vec![db.by("Tag.name", Direction::Asc)];
    let sorted = Arguments { order: name(), ..Default::default() };
    let posts = db.read("Post", Arguments::default(), db.columns(&["Post.id"], vec![tags(sorted)])).await;
    assert_eq!(posts[..4], ["1 tags[green; red]", "2 tags[green]", "3 tags[green]", "4 tags[]"]);
    assert_eq!(posts[7], "8 tags[green; red]");
    let last = db.columns(&["Post.id"], vec![tags(page(name(), 0, -1))]);
    let posts = db.read("Post", Arguments::default(), last).await;
    assert_eq!(posts[..2], ["1 tags[red]", "2 tags[green]"]);
    let from = Arguments { order: name(), cursor: Some(Box::new(db.unique("Tag.name", "red"))), ..Default::default() };
    let posts = db.read("Post", Arguments::default(), db.columns(&["Post.id"], vec![tags(from)])).await;
    assert_eq!(posts[..2], ["1 tags[red]", "2 tags[]"]);
}

#[tokio::test]
async fn nested() {
    let db = Db::new().await;
    let tags = db.include("Post.tags", Arguments::default(), db.columns(&["Tag.id"], vec![]));
    let author = db.include("Post.author", Arguments::default(), db.columns(&["User.id"], vec![]));
    let posts = db.include("User.posts", page(vec![], 0, 1), db.columns(&["Post.title"], vec![tags, author]));
    let reports = db.include("User.reports", Arguments::default(), db.columns(&["User.name"], vec![posts]));
    let users = db.read("User", Arguments::default(), db.columns(&["User.id"], vec![reports])).await;
    let bob = "bob posts[four tags[] author[2]]";
    let cid = "cid posts[six tags[1] author[3]]";
    assert_eq!(users[0], format!("1 reports[{bob}; {cid}]"));
    assert_eq!(users[1..3], ["2 reports[dan posts[]]", "3 reports[]"]);
}

#[tokio::test]
async fn compound_keys() {
    let db = Db::new().await;
    let legs = |arguments| db.include("Flight.legs", arguments, db.columns(&["Leg.id"], vec![]));
    let all = db.columns(&["Flight.number"], vec![legs(Arguments::default())]);
    assert_eq!(db.read("Flight", Arguments::default(), all).await, ["1 legs[1; 2]", "2 legs[6]", "1 legs[3]"]);
    let last = db.columns(&["Flight.number"], vec![legs(page(vec![], 0, -1))]);
    assert_eq!(db.read("Flight", Arguments::default(), last).await, ["1 legs[2]", "2 legs[6]", "1 legs[3]"]);
    let flight = db.include("Leg.flight", Arguments::default(), db.columns(&["Flight.airline"], vec![]));
    let legs = db.read("Leg", Arguments::default(), db.columns(&["Leg.id"], vec![flight])).await;
    assert_eq!(legs[2..], ["3 flight[SK]", "4 flight[]", "5 flight[]", "6 flight[LH]"]);
}

#[tokio::test]
async fn counts() {
    let db = Db::new().await;
    let count = |path: &str, filter| RelationAggregate { field: db.field(path), aggregate: Aggregate::Count, filter };
    let popular = db.compare("Post.views", CompareOp::Gte, 20);
    let aggregates = vec![count("User.posts", None), count("User.posts", Some(popular)), count("User.reports", None)];
    let profile = db.include("User.profile", Arguments::default(), db.columns(&["Profile.bio"], vec![]));
    let selection =
        Selection { columns: db.fields(&["User.name"]), relations: vec![profile], aggregates, unnamed: vec![] };
    let arguments = Arguments { filter: Some(db.compare("User.id", CompareOp::Lt, 4)), ..Default::default() };
    let users = db.read("User", arguments, selection).await;
    assert_eq!(users, ["ann,4,3,2 profile[a]", "bob,2,1,1 profile[]", "cid,1,1,0 profile[c]"]);
    let aggregates = vec![count("Post.tags", None), count("Post.tags", Some(db.eq("Tag.name", "red")))];
    let selection = Selection { columns: db.fields(&["Post.id"]), relations: vec![], aggregates, unnamed: vec![] };
    assert_eq!(db.read("Post", Arguments::default(), selection).await[..3], ["1,2,1", "2,1,0", "3,1,0"]);
}

/// More parents than one statement can ask for.
#[tokio::test]
async fn many_parents() {
    let db = Db::new().await;
    let mut lease = db.handle.lease().await.unwrap();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 40099) \
                INSERT INTO \"Post\" SELECT i, 'p' || i, NULL, 0, NULL FROM n";
    let fill = prisma_core::driver::Statement { sql: fill.into(), values: vec![], persistent: false };
    lease.session().unwrap().execute(fill).await.unwrap();
    let link = "INSERT INTO \"_PostToTag\" SELECT id, 3 FROM \"Post\" WHERE id >= 100";
    let link = prisma_core::driver::Statement { sql: link.into(), values: vec![], persistent: false };
    lease.session().unwrap().execute(link).await.unwrap();
    drop(lease);
    let tags = db.include("Post.tags", page(vec![], 0, -1), db.columns(&["Tag.name"], vec![]));
    let posts = db.read("Post", Arguments::default(), db.columns(&["Post.id"], vec![tags])).await;
    assert_eq!(posts.len(), 40_008);
    assert_eq!(posts[0], "1 tags[green]");
    assert!(posts[8..].iter().all(|p| p.ends_with("tags[blue]")));
}
