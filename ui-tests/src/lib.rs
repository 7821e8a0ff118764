//! Mistakes that must not compile: see `tests/`.
