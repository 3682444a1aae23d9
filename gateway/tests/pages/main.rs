//! The surface for pages, in front of an upstream that answers what it is told to, on a clock that only the test turns.

// Clippy allows in tests what it does not elsewhere, and knows a test by this.
#[cfg(test)]
mod addresses;
#[cfg(test)]
#[path = "../api/clock.rs"]
mod clock;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod instances;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod returning;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tabs;
#[cfg(test)]
mod tickets;
#[cfg(test)]
#[path = "../api/upstream.rs"]
mod upstream;
#[cfg(test)]
mod world;
