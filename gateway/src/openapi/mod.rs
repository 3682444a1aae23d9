//! The OpenAPI document. A test writes it from the types of the documents and from the table of operations, and it is
//! committed; the program only carries it, so that the machinery that makes it stays out.

#[cfg(test)]
pub(crate) mod core;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod tests;

/// Where it is served.
pub(crate) const PATH: &str = "/openapi.json";

/// The document.
pub(crate) const DOCUMENT: &str = include_str!("../../openapi.json");
