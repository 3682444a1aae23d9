//! The simulator's work without HTTP, with allocations: `cargo bench -p bench --bench engine`.
//!
//! Orders follow a scenario that is pending for ever as far as a benchmark is concerned.

#![forbid(unsafe_code)]

use std::{str::from_utf8, sync::LazyLock};

use bankid_core::request::{ApiVersion, Operation, Start};
use divan::{AllocProfiler, Bencher, black_box};
use simulator::measure::Engine;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const SMALLEST: &[u8] = br#"{"endUserIp":"203.0.113.25"}"#;
const NUMBERED: &[u8] =
    br#"{"endUserIp":"203.0.113.25","requirement":{"personalNumber":"191212121212"}}"#;
const WITH_TEXT: &[u8] =
    br#"{"endUserIp":"203.0.113.25","userVisibleData":"TG9nZ2EgaW4gcMOlIEV4ZW1wZWx0asOkbnN0ZW4="}"#;

static ENGINE: LazyLock<Option<Engine>> =
    LazyLock::new(|| Engine::new("userSign x10000 1h, complete", usize::MAX).ok());

fn main() {
    divan::main();
}

fn body(name: &str) -> &'static [u8] {
    match name {
        "smallest" => SMALLEST,
        "text" => WITH_TEXT,
        _ => NUMBERED,
    }
}

/// One thread, and as many as a small machine has.
const THREADS: [usize; 2] = [1, 2];

/// Starting an order and cancelling it, so that the store neither grows nor collides.
#[divan::bench(args = ["smallest", "text", "numbered"])]
fn start_and_cancel(bencher: Bencher<'_, '_>, name: &str) {
    let Some(engine) = &*ENGINE else { return };
    let Ok(start) = Start::parse(ApiVersion::V6_0, Operation::Auth, body(name)) else { return };
    let Ok(checked) = start.check() else { return };
    bencher.bench(|| {
        let order_ref = engine.start(black_box(&checked))?;
        engine.cancel(from_utf8(&order_ref).ok()?).then_some(())
    });
}

/// The whole of a call but HTTP and the answer, in a store that grows.
#[divan::bench(threads = THREADS)]
fn auth(bencher: Bencher<'_, '_>) {
    let Ok(engine) = Engine::new("userSign x10000 1h, complete", usize::MAX) else { return };
    bencher.bench(|| engine.auth(black_box(SMALLEST)));
}

#[divan::bench(threads = THREADS)]
fn collect(bencher: Bencher<'_, '_>) {
    let Some(engine) = &*ENGINE else { return };
    let Some(order_ref) = engine.auth(SMALLEST) else { return };
    let Ok(order_ref) = from_utf8(&order_ref) else { return };
    let body = format!(r#"{{"orderRef":"{order_ref}"}}"#);
    bencher.bench(|| engine.collect_body(black_box(body.as_bytes())));
}
