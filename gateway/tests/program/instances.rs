//! Several processes with one Redis: what becomes of an order whose instance is killed, and of all while the store is gone.

use std::path::Path;

use crate::peers::{BankId, Way};
use crate::redis::Redis;
use crate::running::{AUTH, KEY, Program, exchange, post};
use crate::signals::order;

const COLLECT: &str = r#"{"orderRef":"reference"}"#;
const PENDING: &str = r#"{"orderRef":"reference","status":"pending","hintCode":"userSign"}"#;
const FAILED: &str = r#"{"orderRef":"reference","status":"failed","hintCode":"userCancel"}"#;
const GONE: &str = r#"{"errorCode":"invalidParameters","details":"No such order"}"#;

/// A turn that nobody ends lasts for four seconds then.
const LIMITS: &str = "[limits]\nbankIdSeconds = 1";

fn instance(bank_id: &BankId, store: &str) -> Program {
    Program::start(&format!("{}\nstore = '{store}'\n{LIMITS}", bank_id.settings), &[])
}

/// The socket of a store by its URL.
fn way(redis: &Redis) -> Way {
    let url = redis.url();
    Way::to(Path::new(url.strip_prefix("redis+unix://").expect("a socket")).to_owned())
}

/// A call whose answer the test comes back for.
struct Asking(std::thread::JoinHandle<String>);

impl Asking {
    fn post(program: &Program, target: &str, body: &str) -> Self {
        let (mut stream, request) = (program.connect(), post(target, KEY, body));
        Self(std::thread::spawn(move || {
            std::io::Write::write_all(&mut stream, request.as_bytes()).expect("it reads");
            exchange(stream)
        }))
    }

    fn collect(program: &Program) -> Self {
        Self::post(program, "/collect", COLLECT)
    }

    fn answer(self) -> String {
        self.0.join().expect("no panic")
    }
}

fn start(bank_id: &BankId, program: &Program) {
    let asking = Asking::post(program, "/auth", AUTH);
    bank_id.called("auth").answer(200, &order("reference"));
    let answer = asking.answer();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

fn kill(program: Program) {
    program.signal("KILL");
    assert_eq!(program.wait().code, None);
}

#[test]
fn killed_before_bankid_was_asked_nothing_is_lost() {
    let Some(redis) = Redis::start(&[]) else { return };
    let (bank_id, nobody) = (BankId::start(), BankId::start());
    let (doomed, other) = (instance(&nobody, &redis.url()), instance(&bank_id, &redis.url()));
    start(&bank_id, &other);
    let asking = Asking::collect(&doomed);
    // Its turn has begun, and BankID has not heard of it.
    let unheard = nobody.called("collect");
    kill(doomed);
    assert_eq!(asking.answer(), "");
    let asking = Asking::collect(&other);
    bank_id.called("collect").answer(200, FAILED);
    assert!(asking.answer().contains("userCancel"));
    drop(unheard);
}

#[test]
fn killed_between_answer_and_store_the_order_ends_as_result_lost() {
    let Some(redis) = Redis::start(&[]) else { return };
    let bank_id = BankId::start();
    let way = way(&redis);
    let doomed = instance(&bank_id, &format!("redis://{}", way.address));
    let other = instance(&bank_id, &redis.url());
    start(&bank_id, &other);
    let asking = Asking::collect(&doomed);
    let call = bank_id.called("collect");
    way.close();
    call.answer(200, FAILED);
    // It has the answer, and the store has not.
    way.has_held();
    kill(doomed);
    assert_eq!(asking.answer(), "");
    let asking = Asking::collect(&other);
    bank_id.called("collect").answer(400, GONE);
    assert!(asking.answer().contains("resultLost"));
    // Not as pending for ever, and BankID is not asked again.
    assert!(Asking::collect(&other).answer().contains("resultLost"));
    assert!(bank_id.is_idle());
}

#[test]
fn killed_after_the_store_nothing_is_lost() {
    let Some(redis) = Redis::start(&[]) else { return };
    let bank_id = BankId::start();
    let way = way(&redis);
    let doomed = instance(&bank_id, &format!("redis://{}", way.address));
    let other = instance(&bank_id, &redis.url());
    start(&bank_id, &other);
    let asking = Asking::collect(&doomed);
    let call = bank_id.called("collect");
    // The store has it, and nobody hears of that.
    way.close_back();
    call.answer(200, FAILED);
    way.has_held();
    kill(doomed);
    assert_eq!(asking.answer(), "");
    for _ in 0..2 {
        assert!(Asking::collect(&other).answer().contains("userCancel"));
    }
    assert!(bank_id.is_idle());
}

/// A way that is broken for a while costs nothing: who has the answer goes on offering it.
#[test]
fn a_result_waits_for_the_store_and_is_given_once_it_is_back() {
    let Some(mut redis) = Redis::start(&["--appendonly", "yes", "--appendfsync", "always"]) else {
        return;
    };
    let bank_id = BankId::start();
    let program = instance(&bank_id, &redis.url());
    let other = instance(&bank_id, &redis.url());
    start(&bank_id, &other);
    let asking = Asking::collect(&program);
    let call = bank_id.called("collect");
    redis.kill();
    call.answer(200, FAILED);
    assert!(asking.answer().contains("storeLost"));
    for (path, body) in [("/auth", AUTH), ("/cancel", COLLECT)] {
        let answer = program.post(path, body);
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("storeLost"), "{answer}");
    }
    let ready = "GET /health/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = program.send(ready);
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("storeLost"), "{answer}");
    redis.restart();
    // Told to stop, it first brings what it holds.
    program.signal("TERM");
    let ended = program.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.log);
    let mut answer = other.post("/collect", COLLECT);
    while answer.contains("storeLost") {
        answer = other.post("/collect", COLLECT);
    }
    assert!(answer.contains("userCancel"), "{answer}");
    assert!(bank_id.is_idle());
}

/// A store that does not answer is lost too, and nothing is made up meanwhile.
#[test]
fn a_store_that_stands_still_is_lost_until_it_goes_on() {
    let Some(redis) = Redis::start(&[]) else { return };
    let bank_id = BankId::start();
    let program = instance(&bank_id, &redis.url());
    start(&bank_id, &program);
    redis.freeze(true);
    assert!(Asking::collect(&program).answer().contains("storeLost"));
    redis.freeze(false);
    let asking = Asking::collect(&program);
    // The claim that was not answered may have been carried out since; its turn then ends by itself.
    bank_id.called("collect").answer(200, PENDING);
    assert!(asking.answer().contains("userSign"));
}

#[test]
fn without_its_store_it_does_not_start() {
    let settings = "store = 'redis://user:planted@127.0.0.1:9'";
    let (code, log) = Program::fails(settings);
    assert_eq!(code, Some(1));
    assert!(log.contains("cannot reach the store at 127.0.0.1:9"), "{log}");
    assert!(!log.contains("planted"), "{log}");
    let (code, log) = Program::fails("store = 'https://user:planted@127.0.0.1'");
    assert_eq!(code, Some(2));
    assert!(log.contains("store is not a URL such as") && !log.contains("planted"), "{log}");
}
