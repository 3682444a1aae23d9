//! Following an order through everything that can happen to it, its calls and its follower.

use std::time::Duration;

use bankid_client::{
    AbortHandle, Client, Error, Follow, FollowOptions, Moment, Order, Tokens, Update,
};
use bankid_core::collect::{FailedHint, PendingHint};
use bankid_core::launch::{AppLinks, Browser, Device, Link, RpRef};
use bankid_core::message::StartMode;
use bankid_core::request::{ApiVersion, CallInitiator, Operation, PhoneAuth};
use bankid_core::update::Status;

use crate::clock::Turned;
use crate::server::{Act, Server};
use crate::{COMPLETE, NO_SUCH_ORDER, PENDING, STARTED, client, order, order_ref};

const START_FAILED: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"failed","hintCode":"startFailed"}"#;
const USER_SIGN: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"pending","hintCode":"userSign"}"#;
const OTHER: &str = "99999999-16c6-4618-beb0-365768f37288";

/// Without codes, so that there is an update for each change of the state only.
fn quiet() -> FollowOptions {
    FollowOptions { start_mode: StartMode::Autostart, ..FollowOptions::default() }
}

fn page(status: u16) -> Act {
    Act::Answer(status, "<html></html>".to_owned())
}

/// Everything until the end, while time passes.
async fn all(clock: &Turned, mut follow: Follow) -> Vec<Result<Update, Error>> {
    let mut all = Vec::new();
    while let Some(item) = clock.passing(follow.next()).await {
        all.push(item);
    }
    assert!(follow.next().await.is_none(), "nothing comes after the end");
    all
}

fn states(items: &[Result<Update, Error>]) -> Vec<String> {
    let state = |item: &Result<Update, Error>| match item {
        Ok(update) => match update.progress.status() {
            Status::Pending(hint) => {
                hint.as_ref().map_or("pending", PendingHint::as_str).to_owned()
            }
            Status::Failed(hint) => hint.as_ref().map_or("failed", FailedHint::as_str).to_owned(),
            Status::Complete => "complete".to_owned(),
        },
        Err(error) => error.code().to_owned(),
    };
    items.iter().map(state).collect()
}

/// A server whose first answer starts an order, a client, its clock and the order.
async fn started(
    script: impl IntoIterator<Item = Act>,
) -> (Server, Client, std::sync::Arc<Turned>, Order) {
    let server = Server::start([Act::ok(STARTED)]).await;
    script.into_iter().for_each(|act| server.then(act));
    let (client, clock) =
        client(&server, |config| config.request_timeout(Duration::from_secs(5)).retries(0));
    let order = order(&client).await;
    (server, client, clock, order)
}

#[tokio::test]
async fn there_is_an_update_for_each_change_and_one_collect_every_two_seconds() {
    let pending = || Act::ok(PENDING);
    let script = [pending(), pending(), Act::ok(USER_SIGN), Act::ok(USER_SIGN), Act::ok(COMPLETE)];
    let (server, client, clock, order) = started(script).await;
    let before = client.now();
    let items = all(&clock, client.follow(&order, quiet())).await;
    assert_eq!(states(&items), ["outstandingTransaction", "userSign", "complete"]);
    assert_eq!(server.asked().len(), 6);
    assert_eq!(clock.since(before), Duration::from_secs(8));
    assert_eq!(server.connections(), 1);
    let at: Vec<_> =
        items.iter().map(|item| item.as_ref().unwrap().progress.at_unix_ms()).collect();
    assert_eq!(at, [0, 4_000, 8_000].map(|later| before.unix_ms + later));
}

#[tokio::test]
async fn codes_come_each_second_for_as_long_as_they_are_to_be_shown() {
    let (server, client, clock, order) = started([]).await;
    (0..18).for_each(|_| server.then(Act::ok(PENDING)));
    server.then(Act::ok(COMPLETE));
    // Received a while before it is followed.
    clock.advance(Duration::from_millis(2_500));
    let items = all(&clock, client.follow(&order, FollowOptions::default())).await;
    let seconds: Vec<_> = items
        .iter()
        .map(|item| {
            let qr = item.as_ref().unwrap().progress.qr()?;
            qr.split('.').nth(2)?.parse::<u32>().ok()
        })
        .collect();
    let expected: Vec<_> = (2..30).map(Some).chain([None, None]).collect();
    assert_eq!(seconds, expected);
    let key = order.tokens.unwrap().qr_key();
    assert_eq!(items[3].as_ref().unwrap().progress.qr(), Some(&*key.frame(5)));
}

#[tokio::test]
async fn an_order_can_be_followed_by_another_process() {
    let (server, client, clock, started) = started([Act::ok(PENDING), Act::ok(START_FAILED)]).await;
    clock.advance(Duration::from_secs(7));
    let Tokens { auto_start_token, qr_start_token, qr_start_secret } = started.tokens.unwrap();
    let tokens = Tokens { auto_start_token, qr_start_token, qr_start_secret };
    let received_at = client.at_unix_ms(started.received_at.unix_ms);
    assert_eq!(received_at, started.received_at);
    let rebuilt =
        Order::new(Operation::Auth, ApiVersion::V6_0, started.order_ref, Some(tokens), received_at);
    // Without the request there is nothing to start again by.
    let options = FollowOptions { restart_after_start_failed: 3, ..FollowOptions::default() };
    let mut follow = client.follow(&rebuilt, options);
    let first = clock.passing(follow.next()).await.unwrap().unwrap();
    assert_eq!(first.progress.qr().unwrap().split('.').nth(2), Some("7"));
    let rest = all(&clock, follow).await;
    assert_eq!(states(&rest).last().unwrap(), "startFailed");
    assert_eq!(server.asked().len(), 3);
    // A moment that lies ahead is taken for now.
    let ahead = client.at_unix_ms(u64::MAX);
    assert_eq!(ahead, Moment { monotonic: client.now().monotonic, unix_ms: u64::MAX });
}

#[tokio::test]
async fn failures_in_passing_are_passed_over() {
    let script = [
        Act::ok(PENDING),
        page(500),
        page(408),
        Act::Close,
        Act::Hang,
        page(503),
        Act::ok(USER_SIGN),
        page(500),
        Act::ok(COMPLETE),
    ];
    let (server, client, clock, order) = started(script).await;
    let items = all(&clock, client.follow(&order, quiet())).await;
    assert_eq!(states(&items), ["outstandingTransaction", "userSign", "complete"]);
    assert_eq!(server.asked().len(), 10);
}

#[tokio::test]
async fn failures_in_a_row_are_handed_out_at_the_limit() {
    for (limit, calls) in [(0, 1), (2, 3)] {
        let (server, client, clock, order) = started([]).await;
        (0..calls).for_each(|_| server.then(page(500)));
        let options = FollowOptions { transient_error_limit: limit, ..quiet() };
        let items = all(&clock, client.follow(&order, options)).await;
        assert_eq!(states(&items), ["internalError"]);
        assert_eq!(server.asked().len(), 1 + calls);
    }
}

#[tokio::test]
async fn what_does_not_pass_is_handed_out_at_once() {
    for (act, code) in [
        (page(401), "unauthorized"),
        (page(200), "badAnswer"),
        (Act::Answer(400, NO_SUCH_ORDER.to_owned()), "invalidParameters"),
    ] {
        let (_server, client, clock, order) = started([act]).await;
        let items = all(&clock, client.follow(&order, quiet())).await;
        assert_eq!(states(&items), [code]);
    }
}

#[tokio::test]
async fn a_result_that_got_lost_is_called_that() {
    for lost in [Act::Close, Act::Hang] {
        // Another failure in between changes nothing.
        let gone = Act::Answer(400, NO_SUCH_ORDER.to_owned());
        let (_server, client, clock, order) = started([lost, page(500), gone]).await;
        let items = all(&clock, client.follow(&order, quiet())).await;
        assert_eq!(states(&items), ["resultLost"]);
        let Err(Error::ResultLost { order_ref }) = &items[0] else { panic!("{items:?}") };
        assert_eq!(*order_ref, order.order_ref);
    }
    // An answer that came says that the order was still there: the next refusal is about something else.
    let gone = Act::Answer(400, NO_SUCH_ORDER.to_owned());
    let (_server, client, clock, order) = started([Act::Close, Act::ok(PENDING), gone]).await;
    let items = all(&clock, client.follow(&order, quiet())).await;
    assert_eq!(states(&items), ["outstandingTransaction", "invalidParameters"]);
}

#[tokio::test]
async fn collects_never_overlap() {
    let (server, client, clock, order) = started([Act::Hang, Act::ok(COMPLETE)]).await;
    let mut follow = client.follow(&order, quiet());
    let watch = async {
        server.was_asked(2).await;
        // Two collects would be due meanwhile.
        for _ in 0..49 {
            clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
        assert_eq!(server.asked().len(), 2);
        clock.advance(Duration::from_millis(100));
    };
    let (item, ()) = tokio::join!(follow.next(), watch);
    assert_eq!(states(&[item.unwrap()]), ["complete"]);
}

#[tokio::test]
async fn giving_up_a_wait_loses_nothing() {
    let (server, client, _clock, order) = started([Act::ok(COMPLETE)]).await;
    let mut follow = client.follow(&order, quiet());
    tokio::select! {
        biased;
        () = server.was_asked(2) => {}
        _ = follow.next() => panic!("the answer was not to be looked at yet"),
    }
    let item = follow.next().await.unwrap();
    assert!(item.unwrap().completion.is_some());
    assert_eq!(server.asked().len(), 2);
}

/// Aborts when the collect under way has arrived.
async fn abort(server: &Server, handle: AbortHandle) {
    server.was_asked(2).await;
    handle.abort();
}

#[tokio::test]
async fn an_abort_ends_it_and_cancels_if_asked_to() {
    for cancel_when_dropped in [false, true] {
        let (server, client, _clock, order) = started([Act::Hang, Act::ok("{}")]).await;
        let options = FollowOptions { cancel_when_dropped, ..quiet() };
        let mut follow = client.follow(&order, options);
        let handle = follow.abort_handle();
        let (item, ()) = tokio::join!(follow.next(), abort(&server, handle));
        assert_eq!(states(&[item.unwrap()]), ["aborted"]);
        assert!(follow.next().await.is_none());
        drop(follow);
        if cancel_when_dropped {
            server.was_asked(3).await;
            assert_eq!(server.asked()[2].line(), "POST /rp/v6.0/cancel HTTP/1.1");
        } else {
            tokio::task::yield_now().await;
            assert_eq!(server.asked().len(), 2);
        }
    }
}

#[tokio::test]
async fn dropping_cancels_once_if_asked_to_and_if_there_is_something_to_cancel() {
    // While it waits, while it collects, and before it has begun.
    for asked in [0, 1, 2] {
        let (server, client, clock, order) = started([Act::ok(PENDING), Act::ok("{}")]).await;
        let mut follow =
            client.follow(&order, FollowOptions { cancel_when_dropped: true, ..quiet() });
        match asked {
            0 => {
                // Nothing of it was sent.
                let _begun = server.asked();
            }
            1 => assert_eq!(states(&[follow.next().await.unwrap()]), ["outstandingTransaction"]),
            _ => tokio::select! {
                biased;
                () = server.was_asked(2) => {}
                _ = follow.next() => panic!("the answer was not to be looked at yet"),
            },
        }
        drop(follow);
        let before = asked.min(1) + 1;
        server.was_asked(before + 1).await;
        clock.advance(Duration::from_secs(60));
        if before == 2 {
            assert_eq!(server.asked()[2].line(), "POST /rp/v6.0/cancel HTTP/1.1");
        }
    }
    // What is over is not cancelled.
    for end in [Act::ok(COMPLETE), Act::Answer(400, NO_SUCH_ORDER.to_owned())] {
        let (server, client, clock, order) = started([end]).await;
        let options = FollowOptions { cancel_when_dropped: true, ..quiet() };
        let items = all(&clock, client.follow(&order, options)).await;
        assert_eq!(items.len(), 1);
        clock.passing(tokio::task::yield_now()).await;
        assert_eq!(server.asked().len(), 2);
    }
}

#[tokio::test]
async fn what_failed_to_be_followed_is_cancelled_too() {
    let (server, client, clock, order) = started([page(401), Act::ok("{}")]).await;
    let options = FollowOptions { cancel_when_dropped: true, ..quiet() };
    assert_eq!(states(&all(&clock, client.follow(&order, options)).await), ["unauthorized"]);
    server.was_asked(3).await;
    assert_eq!(server.asked()[2].line(), "POST /rp/v6.0/cancel HTTP/1.1");
}

#[tokio::test]
async fn an_order_that_nobody_scanned_is_started_again_up_to_the_limit() {
    let other = STARTED.replace("131daac9-16c6-4618-beb0-365768f37288", OTHER);
    let failed = START_FAILED.replace("131daac9-16c6-4618-beb0-365768f37288", OTHER);
    let script = [
        Act::ok(PENDING),
        Act::ok(START_FAILED),
        Act::ok(&other),
        Act::ok(&failed),
        Act::ok(STARTED),
        Act::ok(START_FAILED),
    ];
    let (server, client, clock, order) = started(script).await;
    let options = FollowOptions { restart_after_start_failed: 2, ..FollowOptions::default() };
    let items = all(&clock, client.follow(&order, options)).await;
    let updates: Vec<_> = items.into_iter().map(Result::unwrap).collect();
    let told: Vec<_> = updates
        .iter()
        .map(|update| {
            let second = update.progress.qr().and_then(|qr| qr.split('.').nth(2));
            (update.order_ref.as_str(), update.restarted.is_some(), second)
        })
        .collect();
    let (first, third) = (order.order_ref.as_str(), order.order_ref.as_str());
    let expected = [
        (first, false, Some("0")),
        (first, false, Some("1")),
        (first, false, Some("2")),
        (OTHER, true, Some("0")),
        (OTHER, false, Some("1")),
        (OTHER, false, Some("2")),
        (third, true, Some("0")),
        (third, false, Some("1")),
        (third, false, Some("2")),
        (third, false, None),
    ];
    assert_eq!(told, expected);
    let again = updates[3].restarted.as_ref().unwrap();
    assert_eq!(again.order_ref.as_str(), OTHER);
    assert_eq!(again.request(), order.request());
    let asked = server.asked();
    assert!([3, 5].iter().all(|start| asked[*start].body == asked[0].body));
    assert_eq!(asked.len(), 7);
}

/// A new code helps nobody who has gone to the app by a link.
#[tokio::test]
async fn an_order_that_is_started_by_link_is_not_started_again() {
    let (server, client, clock, order) = started([Act::ok(START_FAILED)]).await;
    let options = FollowOptions {
        start_mode: StartMode::Autostart,
        restart_after_start_failed: 2,
        ..FollowOptions::default()
    };
    let items = all(&clock, client.follow(&order, options)).await;
    assert_eq!(states(&items), ["startFailed"]);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_restart_that_is_refused_is_the_end() {
    let refusal = r#"{"errorCode":"alreadyInProgress"}"#;
    let script = [Act::ok(START_FAILED), Act::Answer(400, refusal.to_owned())];
    let (server, client, clock, order) = started(script).await;
    let options = FollowOptions {
        restart_after_start_failed: 2,
        cancel_when_dropped: true,
        ..FollowOptions::default()
    };
    let items = all(&clock, client.follow(&order, options)).await;
    assert_eq!(states(&items), ["alreadyInProgress"]);
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn an_order_that_comes_of_a_restart_nobody_waits_for_is_cancelled() {
    let other = STARTED.replace("131daac9-16c6-4618-beb0-365768f37288", OTHER);
    let (server, client, _clock, order) =
        started([Act::ok(START_FAILED), Act::ok(&other), Act::ok("{}")]).await;
    let options = FollowOptions {
        restart_after_start_failed: 1,
        cancel_when_dropped: true,
        ..FollowOptions::default()
    };
    let mut follow = client.follow(&order, options);
    tokio::select! {
        biased;
        () = server.was_asked(3) => {}
        _ = follow.next() => panic!("the answer was not to be looked at yet"),
    }
    drop(follow);
    server.was_asked(4).await;
    let cancel = &server.asked()[3];
    assert_eq!(cancel.line(), "POST /rp/v6.0/cancel HTTP/1.1");
    assert!(cancel.body.contains(OTHER));
}

#[tokio::test]
async fn an_order_by_number_has_neither_code_nor_link() {
    let by_number = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288"}"#;
    let server = Server::start([Act::ok(by_number), Act::ok(PENDING)]).await;
    let (client, _) = client(&server, |config| config);
    let request = PhoneAuth::new("190000000000".parse().unwrap(), CallInitiator::Rp);
    let order = client.phone_auth(request).await.unwrap();
    let mut follow = client.follow(&order, FollowOptions::default());
    let progress = follow.next().await.unwrap().unwrap().progress;
    assert_eq!((progress.qr(), progress.start_url()), (None, None));
    assert_eq!(order.order_ref, order_ref());
}

#[tokio::test]
async fn links_are_made_as_asked_for() {
    const TOKEN: &str = "autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6";
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1";
    let default = FollowOptions::default;
    for (options, expected) in [
        (default(), format!("bankid:///?{TOKEN}&redirect=null")),
        (
            FollowOptions { device: Device::Mobile, ..default() },
            format!("https://app.bankid.com/?{TOKEN}"),
        ),
        (
            default().for_browser(Browser::detect(iphone, 5), AppLinks::WhereKnown),
            format!("bankid:///?{TOKEN}"),
        ),
        (
            FollowOptions {
                link: Some(Link::App),
                redirect: Some("https://example.com/?a".into()),
                rp_ref: Some(RpRef::try_from("reference").unwrap()),
                ..default()
            },
            format!(
                "https://app.bankid.com/?{TOKEN}&rpref=cmVmZXJlbmNl&redirect=https%3A%2F%2Fexample.com%2F%3Fa"
            ),
        ),
    ] {
        let (_server, client, _clock, order) = started([Act::ok(PENDING)]).await;
        let mut follow = client.follow(&order, options);
        let progress = follow.next().await.unwrap().unwrap().progress;
        assert_eq!(progress.start_url(), Some(&*expected));
    }
}
