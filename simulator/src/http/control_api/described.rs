//! How the OpenAPI document describes what routes take and give.
//!
//! The document is written by a test and committed; the program only carries it. So outside of tests a description is
//! nothing, and the machinery that makes it stays out of the program.

#[cfg(not(test))]
pub(super) use absent::{Described, Description, description};
#[cfg(test)]
pub(super) use present::{Described, Description, description};

#[cfg(test)]
mod present {
    use schemars::{JsonSchema, Schema, SchemaGenerator};

    /// A type that the document can describe.
    pub(in super::super) trait Described: JsonSchema {}

    impl<T: JsonSchema> Described for T {}

    pub(in super::super) type Description = fn(&mut SchemaGenerator) -> Schema;

    pub(in super::super) fn description<T: Described>() -> Description {
        SchemaGenerator::subschema_for::<T>
    }
}

#[cfg(not(test))]
mod absent {
    /// A type that the document can describe.
    pub(in super::super) trait Described {}

    impl<T> Described for T {}

    pub(in super::super) struct Description;

    pub(in super::super) fn description<T: Described>() -> Description {
        Description
    }
}
