//! simpleMarkdownV1 (protocol 13.3): what is wrong with a text, and the blocks to show.

use bankid_core::markdown;
use napi_derive::napi;

use crate::error::{Answer, Failure, answer};

/// What is wrong with a text.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct MarkdownFault {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// The rule that is broken.
    pub reason: String,
    /// As BankID says it.
    pub message: String,
}

/// The first fault of a text.
#[napi(catch_unwind)]
pub fn check_markdown(text: String) -> Option<MarkdownFault> {
    let fault = markdown::parse(&text).err()?;
    // JavaScript's strings are shorter than this.
    let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
    Some(MarkdownFault {
        line: number(fault.line),
        column: number(fault.column),
        reason: fault.reason.to_string(),
        message: fault.to_string(),
    })
}

/// The blocks of a text, as JSON.
#[napi(catch_unwind)]
pub fn preview_markdown(text: String) -> Answer<String> {
    let document = markdown::parse(&text).map_err(|fault| Failure::argument("text", &fault));
    answer(document.and_then(|document| {
        serde_json::to_string(&document).map_err(|fault| Failure::argument("text", &fault))
    }))
}
