//! SeaORM, on either database.

use std::time::Duration;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectOptions, DatabaseConnection, EntityTrait, FromQueryResult, LoaderTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, TransactionTrait, Unchanged,
};

use crate::data::{Group, TAKE_COMMENTS, TAKE_POSTS, new_posts};
use crate::task::{AGE, NAME, Note, Peer, Task};

mod users {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        #[sea_orm(unique)]
        pub email: String,
        pub name: Option<String>,
        pub age: i32,
        #[sea_orm(has_many)]
        pub posts: HasMany<super::posts::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod posts {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub title: String,
        pub content: Option<String>,
        pub views: i32,
        pub author_id: i32,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: HasOne<super::users::Entity>,
        #[sea_orm(has_many)]
        pub comments: HasMany<super::comments::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod comments {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "comments")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub body: String,
        pub post_id: i32,
        #[sea_orm(belongs_to, from = "post_id", to = "id")]
        pub post: HasOne<super::posts::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

crate::plain!(users::Model, posts::Model, comments::Model);

pub struct SeaOrm(DatabaseConnection);

impl SeaOrm {
    /// Without logging, and without a ping for each query.
    pub async fn connect(url: String) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(crate::POOL as u32).sqlx_logging(false).test_before_acquire(false);
        options.map_sqlx_sqlite_opts(crate::sqlite::settings).idle_timeout(None::<Duration>);
        Self(sea_orm::Database::connect(options).await.unwrap())
    }
}

#[derive(FromQueryResult)]
struct Row {
    age: i32,
    count: i64,
    last: Option<i32>,
}

fn new_user(email: String, age: i32) -> users::ActiveModel {
    users::ActiveModel { email: Set(email), name: Set(Some(NAME.to_owned())), age: Set(age), ..Default::default() }
}

impl Peer for SeaOrm {
    type User = users::Model;
    type WithPosts = (users::Model, Vec<posts::Model>);
    type Deep = (users::Model, Vec<(posts::Model, Vec<comments::Model>)>);

    fn note(&self, task: Task) -> Option<Note> {
        (task == Task::Deep).then_some(Note::How(
            "SeaORM has no limit for each parent: it loads all children, and the program keeps the first",
        ))
    }

    async fn find_by_id(&self, id: i32) -> Option<users::Model> {
        users::Entity::find_by_id(id).one(&self.0).await.unwrap()
    }

    async fn find_by_email(&self, email: &str) -> Option<users::Model> {
        users::Entity::find_by_email(email).one(&self.0).await.unwrap()
    }

    async fn ten_rows(&self, age: i32) -> Vec<users::Model> {
        let users = users::Entity::find().filter(users::COLUMN.age.gte(age)).order_by_asc(users::COLUMN.id);
        users.limit(10).all(&self.0).await.unwrap()
    }

    async fn load(&self) -> Vec<users::Model> {
        users::Entity::find().all(&self.0).await.unwrap()
    }

    async fn with_posts(&self, up_to: i32) -> Vec<Self::WithPosts> {
        let users = users::Entity::find().filter(users::COLUMN.id.lte(up_to)).order_by_asc(users::COLUMN.id);
        let users = users.all(&self.0).await.unwrap();
        let posts = users.load_many(posts::Entity, &self.0).await.unwrap();
        users.into_iter().zip(posts).collect()
    }

    async fn deep(&self, up_to: i32) -> Vec<Self::Deep> {
        let users = users::Entity::find().filter(users::COLUMN.id.lte(up_to)).order_by_asc(users::COLUMN.id);
        let users = users.all(&self.0).await.unwrap();
        let posts = users.load_many(posts::Entity::find().order_by_desc(posts::COLUMN.id), &self.0).await.unwrap();
        let counts: Vec<usize> = posts.iter().map(|p| p.len().min(TAKE_POSTS)).collect();
        let posts: Vec<posts::Model> = posts.into_iter().flat_map(|p| p.into_iter().take(TAKE_POSTS)).collect();
        let comments = comments::Entity::find().order_by_asc(comments::COLUMN.id);
        let comments = posts.load_many(comments, &self.0).await.unwrap();
        let mut posts = posts.into_iter().zip(comments.into_iter().map(|mut c| {
            c.truncate(TAKE_COMMENTS);
            c
        }));
        users.into_iter().zip(counts).map(|(user, count)| (user, posts.by_ref().take(count).collect())).collect()
    }

    async fn having_post(&self, views: i32) -> Vec<users::Model> {
        let users = users::Entity::find().has_related(posts::Entity, posts::COLUMN.views.gte(views));
        users.order_by_asc(users::COLUMN.id).all(&self.0).await.unwrap()
    }

    async fn count(&self, age: i32) -> i64 {
        users::Entity::find().filter(users::COLUMN.age.lt(age)).count(&self.0).await.unwrap() as i64
    }

    async fn group_by_age(&self) -> Vec<Group> {
        let groups = users::Entity::find().select_only().column(users::Column::Age);
        let groups = groups.column_as(users::Column::Id.count(), "count").column_as(users::Column::Id.max(), "last");
        let groups = groups.group_by(users::Column::Age).order_by_asc(users::Column::Age).into_model::<Row>();
        groups.all(&self.0).await.unwrap().into_iter().map(|r| (r.age, r.count, r.last)).collect()
    }

    async fn update(&self, id: i32, age: i32) -> users::Model {
        let user = users::ActiveModel { id: Unchanged(id), age: Set(age), ..Default::default() };
        user.update(&self.0).await.unwrap()
    }

    async fn upsert(&self, email: String, age: i32) -> users::Model {
        let conflict = OnConflict::column(users::Column::Email).update_column(users::Column::Age).to_owned();
        users::Entity::insert(new_user(email, age)).on_conflict(conflict).exec_with_returning(&self.0).await.unwrap()
    }

    async fn insert(&self, email: String) -> users::Model {
        new_user(email, AGE).insert(&self.0).await.unwrap()
    }

    async fn create(&self, email: String) -> users::Model {
        let tx = self.0.begin().await.unwrap();
        let user = new_user(email, AGE).insert(&tx).await.unwrap();
        let posts = new_posts().map(|(title, content)| posts::ActiveModel {
            title: Set(title),
            content: Set(Some(content)),
            author_id: Set(user.id),
            ..Default::default()
        });
        posts::Entity::insert_many(posts).exec_without_returning(&tx).await.unwrap();
        tx.commit().await.unwrap();
        user
    }
}
