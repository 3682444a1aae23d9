//! The REST service in front of BankID: authentication, signing, collect and cancel for whoever has an API key, without
//! certificates and without the protocol.
//!
//! [`Gateway`] is one function from request to response: no sockets, no files, no environment. It speaks to BankID, or to
//! the simulator, through [`bankid_client`], keeps the orders in memory or in a store that several instances share, and gives
//! a final answer as often as it is asked for, although BankID gives it only once. `docs/gateway.md` is for those who run it; section numbers are those of
//! `docs/protocol.md`.
//!
//! [`Pages`] is a second surface, for browsers, which have no key: [`Gateway::open_pages`].
//!
//! What is not here: the rules of the protocol (they are core's), verification of signatures (a judge can be plugged into
//! the client).
//!
//! ```
//! use bankid_client::{Client, Config, Endpoint};
//! use gateway::{ApiKey, Gateway, Keys};
//!
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(Config::plain(Endpoint::custom("http://127.0.0.1:8010", b"")?))?;
//! let keys = Keys::new([ApiKey::new("shop").accepting("the key that the shop was given")])?;
//! let gateway = Gateway::new(client, keys);
//!
//! let request = http::Request::post("/auth").body(r#"{"endUserIp":"203.0.113.25"}"#.into())?;
//! let response = gateway.answer(request).await;
//! assert_eq!(response.status(), 401); // there was no x-api-key
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(demo()).unwrap();
//! ```
#![forbid(unsafe_code)]

mod chain;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
mod config;
mod documents;
mod fault;
mod keys;
mod media;
mod metrics;
mod openapi;
mod orders;
mod pages;
mod query;
mod request;
mod routes;
#[cfg(feature = "server")]
mod server;
mod store;

pub use keys::{ApiKey, BadKeys, Keys, digest};
pub use orders::Limits;
pub use pages::{
    BadOrigin, BadPageSettings, ForwardingHeader, NoRandom, Origin, PageAdmission, PageBody,
    PageCall, PageSettings, Pages, Random,
};
pub use routes::{Admission, Admitted, BodyFault, Gateway};
#[cfg(feature = "server")]
pub use store::redis::{Address as RedisAddress, RedisStore, RedisStoreError, Seal};
pub use store::{
    Answer, Claim, Found, Live, MemoryStore, Reply, Room, Settled, Store, StoreError, Turn,
};
