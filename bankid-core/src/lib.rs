//! The Swedish BankID relying-party protocol.
#![no_std]
#![forbid(unsafe_code)]

pub mod qr;
