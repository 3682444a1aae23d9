//! Reading and checking requests, with allocations: `cargo bench -p bench --bench requests`.
//!
//! The smallest requests are the ones a simulator under load sees most; reading them allocates nothing.

#![forbid(unsafe_code)]

use bankid_core::request::{ApiVersion, Operation, Start, parse_order_ref};
use divan::{AllocProfiler, Bencher, black_box};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const SMALLEST: &str = r#"{"endUserIp":"203.0.113.25"}"#;
const ORDER_REF: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288"}"#;
/// The example of section 2.5.
const EXAMPLE: &str = r#"{"endUserIp":"203.0.113.25","returnUrl":"https://www.example.com/login/return#nonce=5f6b0f7a0c8f4d0e","returnRisk":true,"userVisibleData":"TG9nZ2EgaW4gcMOlIEV4ZW1wZWx0asOkbnN0ZW4=","userVisibleDataFormat":"simpleMarkdownV1","userNonVisibleData":"b3JkZXI9NDcxMTt2PTE=","web":{"referringDomain":"example.com","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0","deviceIdentifier":"0f6f4c9a2b7d4c7f9e1b0c3d5a687f90"},"requirement":{"pinCode":true,"certificatePolicies":["1.2.752.78.1.5"],"personalNumber":"190000000000"}}"#;

fn main() {
    divan::main();
}

/// By name, so that the table stays readable.
fn body(name: &str) -> &'static str {
    if name == "smallest" { SMALLEST } else { EXAMPLE }
}

#[divan::bench(args = ["smallest", "example"])]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    bencher.bench(|| {
        let body = black_box(body(name)).as_bytes();
        black_box(Start::parse(ApiVersion::V6_0, Operation::Auth, body)).is_ok()
    });
}

#[divan::bench(args = ["smallest", "example"])]
fn check(bencher: Bencher<'_, '_>, name: &str) {
    let body = body(name).as_bytes();
    let Ok(start) = Start::parse(ApiVersion::V6_0, Operation::Auth, body) else { return };
    bencher.bench(|| black_box(black_box(&start).check()).is_ok());
}

#[divan::bench]
fn order_ref() -> bool {
    parse_order_ref(black_box(ORDER_REF).as_bytes()).is_ok()
}
