//! What a completed BankID order proves (section 10 of `docs/protocol.md`).
#![forbid(unsafe_code)]
