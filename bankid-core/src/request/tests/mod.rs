//! The wire vectors, the tables of the reference, and properties of reading and writing.

mod builders;
mod properties;
mod tables;
mod vectors;
