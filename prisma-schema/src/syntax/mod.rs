//! Text to syntax tree: a hand-written lexer and a parser that goes on after an error.
//!
//! The tree keeps every comment, so that the formatter loses nothing. A broken line is reported and skipped; what
//! follows it is still read.

mod block;
mod expression;
mod lexer;
mod parser;
mod string;
mod tree;

pub use parser::parse;
pub use string::escape;
pub use tree::*;
