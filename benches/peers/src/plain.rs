//! From the records of a library to the common ones, which are compared.

use crate::data::{Comment, Post, User};

/// What can be compared, once it is [`Self::plain`].
pub trait Plain {
    /// The common form.
    type Out;
    fn plain(self) -> Self::Out;
}

impl<A: Plain, B: Plain> Plain for (A, B) {
    type Out = (A::Out, B::Out);
    fn plain(self) -> Self::Out {
        (self.0.plain(), self.1.plain())
    }
}

impl<T: Plain> Plain for Vec<T> {
    type Out = Vec<T::Out>;
    fn plain(self) -> Self::Out {
        self.into_iter().map(T::plain).collect()
    }
}

/// Says which types of a library are users, posts and comments.
#[macro_export]
macro_rules! plain {
    ($user:ty, $post:ty, $comment:ty) => {
        $crate::plain!(@ $user => User { id, email, name, age });
        $crate::plain!(@ $post => Post { id, title, content, views, author_id });
        $crate::plain!(@ $comment => Comment { id, body, post_id });
    };
    (@ $from:ty => $to:ident { $($field:ident),* }) => {
        impl $crate::plain::Plain for $from {
            type Out = $crate::data::$to;
            fn plain(self) -> Self::Out {
                $crate::data::$to { $($field: self.$field),* }
            }
        }
    };
}

plain!(User, Post, Comment);
