//! The API in front of an upstream that answers what it is told to, on a clock that only the test turns.

// Clippy allows in tests what it does not elsewhere, and knows a test by this.
#[cfg(test)]
mod clock;
#[cfg(test)]
mod documented;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod instances;
#[cfg(test)]
mod meta;
#[cfg(test)]
mod polling;
#[cfg(test)]
mod reader;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod sent;
#[cfg(test)]
mod strict;
#[cfg(test)]
mod upstream;
#[cfg(test)]
mod world;
