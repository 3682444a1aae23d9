//! Documents written by hand.
