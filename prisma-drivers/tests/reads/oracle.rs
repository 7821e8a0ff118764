//! Random arguments, against the same done to a list in memory.

use std::cmp::Ordering;

use super::*;

/// `id`, `subtitle`, `views`, `authorId` of a post.
#[derive(Debug, Clone, Copy)]
struct Post {
    id: i32,
    subtitle: Option<&'static str>,
    views: i32,
    author: Option<i32>,
}

fn posts() -> Vec<Post> {
    let post = |id, subtitle, views, author| Post { id, subtitle, views, author };
    vec![
        post(1, Some("one"), 10, Some(1)),
        post(2, None, 20, Some(1)),
        post(3, Some("thr"), 30, Some(1)),
        post(4, Some("%"), 10, Some(2)),
        post(5, None, 20, Some(2)),
        post(6, Some("x\\"), 30, Some(3)),
        post(7, None, 5, None),
        post(8, Some("igh"), 40, Some(1)),
    ]
}

/// A small generator of numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

#[derive(Debug, Clone)]
struct Case {
    order: Vec<(&'static str, Direction, Option<Nulls>)>,
    least_views: Option<i32>,
    cursor: Option<i32>,
    skip: Option<u64>,
    take: Option<i64>,
    distinct: Vec<&'static str>,
}

impl Case {
    fn random(random: &mut Random) -> Self {
        let direction = |random: &mut Random| if random.one_in(2) { Direction::Asc } else { Direction::Desc };
        let nulls = |random: &mut Random| [None, Some(Nulls::First), Some(Nulls::Last)][random.below(3) as usize];
        let mut names = vec!["subtitle", "views", "authorId", "id"];
        let order = (0..random.below(3)).map(|_| {
            let name = names.remove(random.below(names.len() as u64) as usize);
            (name, direction(random), nulls(random))
        });
        Self {
            order: order.collect(),
            least_views: random.one_in(3).then_some(20),
            cursor: random.one_in(3).then(|| random.below(9) as i32 + 1),
            skip: random.one_in(2).then(|| random.below(4)),
            take: random.one_in(2).then(|| random.below(9) as i64 - 4),
            distinct: if random.one_in(3) { vec![["views", "authorId"][random.below(2) as usize]] } else { vec![] },
        }
    }

    fn arguments(&self, db: &Db) -> Arguments {
        let field = |name: &str| db.field(&format!("Post.{name}"));
        let order =
            |&(name, direction, nulls): &(&str, _, _)| Order { nulls, ..db.by(&format!("Post.{name}"), direction) };
        Arguments {
            filter: self.least_views.map(|n| db.compare("Post.views", CompareOp::Gte, n)),
            order: self.order.iter().map(order).collect(),
            cursor: self.cursor.map(|id| Box::new(db.unique("Post.id", id))),
            skip: self.skip,
            take: self.take,
            distinct: self.distinct.iter().map(|name| field(name)).collect(),
        }
    }

    /// The identifiers that are left of `posts`.
    fn apply(&self, mut posts: Vec<Post>) -> String {
        posts.sort_by(|a, b| self.compare(a, b));
        // The cursor's record need not meet the filter.
        let from = self.cursor.map(|id| posts.iter().position(|p| p.id == id));
        let mut left: Vec<Post> = match (from, self.take) {
            (Some(None), _) => vec![],
            (Some(Some(at)), Some(..0)) => posts[..=at].to_vec(),
            (Some(Some(at)), _) => posts[at..].to_vec(),
            (None, _) => posts,
        };
        left.retain(|p| self.least_views.is_none_or(|n| p.views >= n));
        let mut seen: Vec<Vec<Option<i32>>> = Vec::new();
        left.retain(|p| {
            let key =
                self.distinct.iter().map(|&name| if name == "views" { Some(p.views) } else { p.author }).collect();
            let new = self.distinct.is_empty() || !seen.contains(&key);
            seen.push(key);
            new
        });
        let reversed = matches!(self.take, Some(..0));
        if reversed {
            left.reverse();
        }
        let take = self.take.map_or(usize::MAX, |n| n.unsigned_abs() as usize);
        let mut ids: Vec<_> =
            left.iter().skip(self.skip.unwrap_or(0) as usize).take(take).map(|p| p.id.to_string()).collect();
        if reversed {
            ids.reverse();
        }
        ids.join(" ")
    }

    fn compare(&self, a: &Post, b: &Post) -> Ordering {
        for &(name, direction, nulls) in &self.order {
            let (found, absent) = match name {
                "subtitle" => (a.subtitle.cmp(&b.subtitle), a.subtitle.is_none() != b.subtitle.is_none()),
                "views" => (a.views.cmp(&b.views), false),
                "authorId" => (a.author.cmp(&b.author), a.author.is_none() != b.author.is_none()),
                _ => (a.id.cmp(&b.id), false),
            };
            let turned = match nulls {
                Some(Nulls::First) if absent => false,
                Some(Nulls::Last) if absent => true,
                _ => direction == Direction::Desc,
            };
            let found = if turned { found.reverse() } else { found };
            if found.is_ne() {
                return found;
            }
        }
        a.id.cmp(&b.id)
    }
}

#[tokio::test]
async fn records_and_related_records() {
    let db = Db::new().await;
    let mut random = Random(7);
    for _ in 0..600 {
        let case = Case::random(&mut random);
        // Without a need for one, no order is promised: ask for one.
        let ordered = |mut arguments: Arguments| {
            arguments.order.push(db.by("Post.id", Direction::Asc));
            arguments
        };
        let found = db.ids("Post", ordered(case.arguments(&db))).await;
        assert_eq!(found, case.apply(posts()), "{case:?}");

        let arguments = ordered(case.arguments(&db));
        let selection = Selection { columns: db.fields(&["Post.id"]), ..Default::default() };
        let relation = RelationSelection { field: db.field("User.posts"), arguments, selection };
        let one = random.one_in(2).then_some(1);
        let users = Arguments { filter: one.map(|id| db.eq("User.id", id)), ..Default::default() };
        let selection = Selection {
            columns: db.fields(&["User.id"]),
            relations: vec![relation],
            aggregates: vec![],
            unnamed: vec![],
        };
        for row in db.read("User", users, selection).await {
            let (id, found) = row.split_once(" posts[").unwrap();
            let of = posts().into_iter().filter(|p| p.author.is_some_and(|a| a.to_string() == id)).collect();
            assert_eq!(found.trim_end_matches(']').replace("; ", " "), case.apply(of), "{case:?} of {id}");
        }
        let counted = db.aggregate("Post", case.arguments(&db), vec![Aggregate::Count]).await;
        let expected = case.apply(posts()).split_whitespace().count();
        assert_eq!(show(counted[0].clone()), expected.to_string(), "{case:?}");
    }
}
