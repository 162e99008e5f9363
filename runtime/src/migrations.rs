//! What an upgrade changes in the state.
//!
//! A migration stays here until every network has run it, and is then deleted together with the
//! code that reads the old shape.

/// Migrations that run whole in the first block of a new runtime. For what is bounded and small.
///
/// Add them as a tuple: `(first::Migrate, second::Migrate)`.
pub type SingleBlockMigrations = ();

/// Migrations that take as many blocks as they need, while nothing but inherents is let in.
///
/// Add them as a tuple of `frame_support::migrations::SteppedMigration`. Replace the tuple only
/// once all of it has run: `Migrations::Cursor` is empty then.
pub type MultiBlockMigrations = ();
