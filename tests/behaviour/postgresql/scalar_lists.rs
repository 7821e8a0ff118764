//! Lists of scalars.
