//! The history of migrations, on each provider: the real command on real servers.

mod bed;
mod deployers;
mod failures;
mod lifecycle;
mod prisma_history;
#[cfg(unix)]
mod questions;
mod shadow;
mod tables;

/// Each test on each provider.
macro_rules! on_each_provider {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&crate::history::bed::Bed::new("sqlite")); })+
        }
        mod postgresql {
            $(#[test] fn $test() {
                test_servers::needs!(test_servers::Server::Postgresql);
                super::$test(&crate::history::bed::Bed::new("postgresql"));
            })+
        }
        mod mysql {
            $(#[test] fn $test() {
                test_servers::needs!(test_servers::Server::Mysql);
                super::$test(&crate::history::bed::Bed::new("mysql"));
            })+
        }
    };
}
use on_each_provider;
