//! The clock of tests.

use crate::{Clock, Moment};
use core::cell::Cell;

std::thread_local! {
    static NOW: Cell<Moment> = const { Cell::new(0) };
}

/// A clock that stands where the test put it, at 0 to begin with. Each thread has its own.
pub struct Now;

impl Now {
    /// What the clock says.
    pub fn get() -> Moment {
        NOW.get()
    }

    /// Puts the clock there, UTC milliseconds.
    pub fn set(at: Moment) {
        NOW.set(at);
    }

    /// Lets this much time pass, milliseconds.
    pub fn advance(time: Moment) {
        Self::set(Self::get() + time);
    }
}

impl Clock for Now {
    fn now() -> Moment {
        Self::get()
    }
}
