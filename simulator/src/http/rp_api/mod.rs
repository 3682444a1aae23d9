//! BankID's endpoints over HTTP: the checks of 14.1 and 2.12 in their order, the headers of 1.2, and documents with
//! their members in the documented order.
//!
//! An order's own rules are the engine's.
mod answer;
mod document;
mod receive;
