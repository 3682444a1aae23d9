//! A client of the Swedish BankID relying-party API, version 6.0 (and 5.1 as a compatibility mode), over mutual TLS.
#![forbid(unsafe_code)]
