//! The tasks, and what a contestant is.

use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;

use crate::data::{self, AUTHORS, Deep, Group, USERS, User, WithPosts};
use crate::measure::{Clocks, Cost};
use crate::plain::Plain;

/// How many tasks ask at once, in [`Task::ManyTasks`].
const AT_ONCE: usize = 100;
/// How often each of them asks.
const EACH: usize = 10;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Task {
    FindById,
    FindByEmail,
    TenRows,
    Load,
    Include,
    Deep,
    RelationFilter,
    Count,
    GroupBy,
    ManyTasks,
    Update,
    Upsert,
    Insert,
    Create,
    /// Over a slow network.
    IncludeTen,
}

impl Task {
    /// Those of the main table; what adds rows comes last.
    pub const ALL: [Task; 14] = [
        Task::FindById,
        Task::FindByEmail,
        Task::TenRows,
        Task::Load,
        Task::Include,
        Task::Deep,
        Task::RelationFilter,
        Task::Count,
        Task::GroupBy,
        Task::ManyTasks,
        Task::Update,
        Task::Upsert,
        Task::Insert,
        Task::Create,
    ];
    /// Those that are run over a slow network.
    pub const REMOTE: [Task; 4] = [Task::FindById, Task::IncludeTen, Task::Deep, Task::Create];

    /// What the row is called.
    pub fn title(self) -> &'static str {
        match self {
            Task::FindById => "find by id",
            Task::FindByEmail => "find by unique email",
            Task::TenRows => "10 rows: filter, order, limit",
            Task::Load => "load 10,000 rows",
            Task::Include => "1,000 users with their 10 posts",
            Task::Deep => "20 users, 3 posts of each, 2 comments of each",
            Task::RelationFilter => "users that have a post with …",
            Task::Count => "count with a filter",
            Task::GroupBy => "group by",
            Task::ManyTasks => "find by id, 100 tasks at once",
            Task::Update => "update one by id, returning it",
            Task::Upsert => "upsert",
            Task::Insert => "insert one",
            Task::Create => "user and 10 posts in a transaction",
            Task::IncludeTen => "10 users with their 10 posts",
        }
    }

    /// How many results one run has, for the time of each.
    fn results(self) -> usize {
        if self == Task::ManyTasks { AT_ONCE * EACH } else { 1 }
    }
}

/// Why a cell is empty, or what is to be known about it.
#[derive(Debug, Clone, Copy)]
pub enum Note {
    /// The library cannot do it.
    Cannot(&'static str),
    /// It does it in another way than the others.
    How(&'static str),
    /// It would be the same as in another column.
    Same,
}

/// A library with a connected pool. What it answers are records of its own types.
pub trait Peer: Send + Sync + 'static {
    type User: Plain<Out = User> + Send;
    type WithPosts: Plain<Out = WithPosts> + Send;
    type Deep: Plain<Out = Deep> + Send;

    /// What is to be said of a task; nothing for most.
    fn note(&self, _task: Task) -> Option<Note> {
        None
    }

    fn find_by_id(&self, id: i32) -> impl Future<Output = Option<Self::User>> + Send;
    /// The same, called from many tasks at once: on a pool of 5.
    fn find_pooled(&self, id: i32) -> impl Future<Output = Option<Self::User>> + Send {
        self.find_by_id(id)
    }
    fn find_by_email(&self, email: &str) -> impl Future<Output = Option<Self::User>> + Send;
    /// The first ten, by id, of at least this age.
    fn ten_rows(&self, age: i32) -> impl Future<Output = Vec<Self::User>> + Send;
    /// All, in any order.
    fn load(&self) -> impl Future<Output = Vec<Self::User>> + Send;
    /// Those with ids up to this, in the order of their ids, with their posts.
    fn with_posts(&self, up_to: i32) -> impl Future<Output = Vec<Self::WithPosts>> + Send;
    /// The same with the last three posts of each, the last first, and the first two comments of each of these.
    fn deep(&self, up_to: i32) -> impl Future<Output = Vec<Self::Deep>> + Send;
    /// Those that have a post with at least so many views, in the order of their ids.
    fn having_post(&self, views: i32) -> impl Future<Output = Vec<Self::User>> + Send;
    /// How many are younger.
    fn count(&self, age: i32) -> impl Future<Output = i64> + Send;
    /// In the order of the ages.
    fn group_by_age(&self) -> impl Future<Output = Vec<Group>> + Send;
    fn update(&self, id: i32, age: i32) -> impl Future<Output = Self::User> + Send;
    /// Creates a user with this age, or gives the one that is there this age.
    fn upsert(&self, email: String, age: i32) -> impl Future<Output = Self::User> + Send;
    fn insert(&self, email: String) -> impl Future<Output = Self::User> + Send;
    /// A user with [`data::new_posts`].
    fn create(&self, email: String) -> impl Future<Output = Self::User> + Send;
}

/// What a new user is called.
pub const NAME: &str = "Name";
/// How old a new user is.
pub const AGE: i32 = 30;

/// An answer, for comparing.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Users(Vec<User>),
    WithPosts(Vec<WithPosts>),
    Deep(Vec<Deep>),
    Groups(Vec<Group>),
    Count(i64),
}

pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A [`Peer`] whose types are not known.
pub trait Contestant: Send + Sync {
    fn note(&self, task: Task) -> Option<Note>;
    /// Runs a task so many times, the `n`th with arguments that depend on `first + n`.
    fn turn(self: Arc<Self>, task: Task, first: usize, times: usize) -> BoxFuture<Cost>;
    /// What the task answers, and the email of the record that it wrote.
    fn answer(self: Arc<Self>, task: Task, n: usize) -> BoxFuture<Answer>;
}

/// An id that the `n`th run asks for.
fn id(n: usize) -> i32 {
    (n * 7_919 % USERS as usize) as i32 + 1
}

/// The email of a record that the `n`th run writes.
pub fn new_email(n: usize) -> String {
    format!("new{n}@example.com")
}

/// The age that the `n`th run writes.
fn age(n: usize) -> i32 {
    (n % 80) as i32 + 1
}

impl<P: Peer> Contestant for P {
    fn note(&self, task: Task) -> Option<Note> {
        Peer::note(self, task)
    }

    fn turn(self: Arc<Self>, task: Task, first: usize, times: usize) -> BoxFuture<Cost> {
        Box::pin(async move {
            let clocks = Clocks::start();
            for n in first..first + times {
                match task {
                    Task::ManyTasks => at_once(&self, n).await,
                    _ => _ = black_box(run(&*self, task, n).await),
                }
            }
            clocks.stop(times * task.results())
        })
    }

    fn answer(self: Arc<Self>, task: Task, n: usize) -> BoxFuture<Answer> {
        Box::pin(async move {
            match run(&*self, task, n).await {
                Raw::User(user) => Answer::Users(user.into_iter().map(Plain::plain).collect()),
                Raw::Users(users) => {
                    let mut users = users.plain();
                    if task == Task::Load {
                        users.sort_by_key(|u| u.id);
                    }
                    Answer::Users(users)
                }
                Raw::WithPosts(users) => {
                    let mut users = users.plain();
                    users.iter_mut().for_each(|u| u.1.sort_by_key(|p| p.id));
                    Answer::WithPosts(users)
                }
                Raw::Deep(users) => Answer::Deep(users.plain()),
                Raw::Groups(groups) => Answer::Groups(groups),
                Raw::Count(count) => Answer::Count(count),
            }
        })
    }
}

/// An answer in the library's own types.
enum Raw<P: Peer> {
    User(Option<P::User>),
    Users(Vec<P::User>),
    WithPosts(Vec<P::WithPosts>),
    Deep(Vec<P::Deep>),
    Groups(Vec<Group>),
    Count(i64),
}

async fn run<P: Peer>(peer: &P, task: Task, n: usize) -> Raw<P> {
    match task {
        Task::FindById => Raw::User(peer.find_by_id(id(n)).await),
        Task::ManyTasks => Raw::User(peer.find_pooled(id(n)).await),
        Task::FindByEmail => Raw::User(peer.find_by_email(&data::email(id(n))).await),
        Task::TenRows => Raw::Users(peer.ten_rows(age(n)).await),
        Task::Load => Raw::Users(peer.load().await),
        Task::Include => Raw::WithPosts(peer.with_posts(AUTHORS).await),
        Task::IncludeTen => Raw::WithPosts(peer.with_posts(10).await),
        Task::Deep => Raw::Deep(peer.deep(20).await),
        Task::RelationFilter => Raw::Users(peer.having_post(990).await),
        Task::Count => Raw::Count(peer.count(age(n)).await),
        Task::GroupBy => Raw::Groups(peer.group_by_age().await),
        Task::Update => Raw::User(Some(peer.update(id(n), age(n)).await)),
        Task::Upsert => Raw::User(Some(peer.upsert(data::email(id(n)), age(n)).await)),
        Task::Insert => Raw::User(Some(peer.insert(new_email(n)).await)),
        Task::Create => Raw::User(Some(peer.create(new_email(n)).await)),
    }
}

/// Many tasks that ask at the same time.
async fn at_once<P: Peer>(peer: &Arc<P>, n: usize) {
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|task| {
            let peer = peer.clone();
            tokio::spawn(async move {
                for i in 0..EACH {
                    black_box(peer.find_pooled(id((n * AT_ONCE + task) * EACH + i)).await);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}
