//! QR texts (protocol section 7) as closures: a call of one costs a third less than one of an exported function.

use bankid_core::qr::{self, Fault, Key, Token};
use napi::bindgen_prelude::{Function, FunctionCallContext};
use napi::{Either, Env, Error, Result, Status};
use napi_derive::napi;

use crate::error::{Answer, Failure};
use crate::latin1::{Raw, Short};

/// The functions that make QR texts, to be asked for once. They throw when an argument cannot be used.
#[expect(missing_debug_implementations, reason = "napi's functions have none")]
#[napi(object, object_from_js = false)]
pub struct QrFunctions<'env> {
    /// The text for an elapsed second.
    #[napi(ts_type = "(token: string, secret: string, elapsedSeconds: number) => string")]
    pub frame: Function<'env, (), Raw>,
    /// The texts for some seconds in a row, in one: cutting it is quicker than to hand over many.
    #[napi(ts_type = "(token: string, secret: string, from: number, count: number) => string")]
    pub frames: Function<'env, (), Raw>,
    /// The text for an elapsed second of one order.
    #[napi(ts_type = "(token: string, secret: string) => (elapsedSeconds: number) => string")]
    pub key: Function<'env, (), Raw>,
}

/// Makes the functions of this environment.
///
/// # Errors
///
/// Node has no room for them.
#[napi(catch_unwind)]
pub fn qr_functions(env: &Env) -> Result<QrFunctions<'_>> {
    Ok(QrFunctions {
        frame: env.create_function_from_closure("frame", |call| {
            let (token, secret) = (call.get::<Short>(0)?, call.get::<Short>(1)?);
            let frame = qr::frame(parse(&token)?, secret.as_str().into(), call.get(2)?);
            Raw::text(call.env, &frame)
        })?,
        frames: env.create_function_from_closure("frames", |call| {
            let key = key(&call)?;
            let (from, count) = (call.get::<u32>(2)?, call.get::<u32>(3)?);
            let mut texts = String::new();
            for (_, second) in (0..count).zip(from..) {
                texts.push_str(&key.frame(second));
            }
            Raw::text(call.env, &texts)
        })?,
        key: env.create_function_from_closure("key", |call| {
            let key = key(&call)?;
            let frame =
                move |call: FunctionCallContext<'_>| Raw::text(call.env, &key.frame(call.get(0)?));
            Ok(Raw::of(&call.env.create_function_from_closure::<(), Raw, _>("frame", frame)?))
        })?,
    })
}

fn key(call: &FunctionCallContext<'_>) -> Result<Key> {
    let (token, secret) = (call.get::<Short>(0)?, call.get::<Short>(1)?);
    Ok(Key::new(parse(&token)?, secret.as_str().into()))
}

fn parse(token: &Short) -> Result<Token<'_>> {
    token.as_str().try_into().map_err(|fault: qr::BadToken| {
        Error::new(Status::InvalidArg, format!("qrStartToken: {fault}"))
    })
}

/// What is wrong with a scanned text.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct QrFault {
    /// A stable word.
    #[napi(
        ts_type = "\"notABankIdCode\" | \"unknownToken\" | \"wrongAuthCode\" | \"stale\" | \"early\""
    )]
    pub reason: &'static str,
    /// In words.
    pub message: String,
}

/// Judges a scanned text.
#[napi(catch_unwind)]
pub fn check_qr(
    text: String,
    token: String,
    secret: String,
    elapsed_seconds: u32,
    tolerance_seconds: u32,
) -> Option<Answer<QrFault>> {
    let token = match Token::try_from(token.as_str()) {
        Ok(token) => token,
        Err(fault) => return Some(Either::B(*Failure::argument("qrStartToken", &fault))),
    };
    let fault =
        qr::verify(&text, token, secret.as_str().into(), elapsed_seconds, tolerance_seconds)
            .err()?;
    let reason = match fault {
        Fault::NotABankIdCode(_) => "notABankIdCode",
        Fault::UnknownToken => "unknownToken",
        Fault::WrongAuthCode { .. } => "wrongAuthCode",
        Fault::Stale { .. } => "stale",
        Fault::Early { .. } => "early",
    };
    Some(Either::A(QrFault { reason, message: fault.to_string() }))
}
