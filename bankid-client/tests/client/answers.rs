//! Every kind of answer, BankID's and others'.

use std::error::Error as _;

use bankid_client::Retry;
use bankid_core::collect::{Collect, FailedHint};

use crate::server::{Act, Server};
use crate::{COMPLETE, STARTED, auth, client, order_ref};

const PAGE: &str = "<html><body>Something went wrong</body></html>";

#[tokio::test]
async fn a_page_in_place_of_a_document_has_the_code_of_its_status() {
    for (status, code, start, collect) in [
        (400, "badAnswer", Retry::Never, Retry::Never),
        (401, "unauthorized", Retry::Never, Retry::Never),
        (403, "unauthorized", Retry::Never, Retry::Never),
        (404, "notFound", Retry::Never, Retry::Never),
        (405, "methodNotAllowed", Retry::Never, Retry::Never),
        (408, "requestTimeout", Retry::Never, Retry::NextPoll),
        (413, "invalidParameters", Retry::Never, Retry::Never),
        (415, "unsupportedMediaType", Retry::Never, Retry::Never),
        (418, "badAnswer", Retry::Never, Retry::Never),
        (429, "maintenance", Retry::Later, Retry::NextPoll),
        (500, "internalError", Retry::Never, Retry::NextPoll),
        (502, "badAnswer", Retry::Never, Retry::NextPoll),
        (503, "maintenance", Retry::Later, Retry::NextPoll),
    ] {
        for body in [PAGE, "", "{}", "[]", "null", "\"", r#"{"errorCode":7}"#] {
            let answer = || Act::Answer(status, body.to_owned());
            let server = Server::start([answer(), answer()]).await;
            let (client, _) = client(&server, |config| config.retries(0));
            let error = client.auth(auth()).await.unwrap_err();
            assert_eq!((error.code(), error.status()), (code, Some(status)), "{body}");
            assert_eq!((error.retry(), error.details()), (start, None), "{status} {body}");
            let error = client.collect(&order_ref()).await.unwrap_err();
            assert_eq!(error.retry(), collect, "{status} {body}");
        }
    }
}

#[tokio::test]
async fn codes_and_members_that_nobody_knows_survive() {
    let body = r#"{"errorCode":"tooManyRequests","details":"Slow down","trace":"abc"}"#;
    let server = Server::start([Act::Answer(422, body.to_owned())]).await;
    let (client, _) = client(&server, |config| config);
    let error = client.auth(auth()).await.unwrap_err();
    assert_eq!((error.code(), error.details()), ("tooManyRequests", Some("Slow down")));
    let bankid_client::Error::Refused { error, .. } = error else { panic!("{error:?}") };
    assert_eq!(serde_json::to_string(&error).unwrap(), body);

    let started = STARTED.replace("\"autoStart", "\"new\":[1],\"autoStart");
    let failed = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"failed","hintCode":"unheardOf","more":true}"#;
    server.then(Act::ok(&started));
    server.then(Act::ok(failed));
    let order = client.auth(auth()).await.unwrap();
    assert_eq!(order.other.get("new"), Some(&serde_json::json!([1])));
    let answer = client.collect(&order.order_ref).await.unwrap();
    assert_eq!(serde_json::to_string(&answer).unwrap(), failed);
    let Collect::Failed { hint_code: Some(FailedHint::Other(hint)), .. } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(&*hint, "unheardOf");
}

#[tokio::test]
async fn a_success_of_the_wrong_shape_is_no_success() {
    for body in [
        PAGE,
        "",
        "{}",
        "null",
        &STARTED.replace("orderRef", "orderref"),
        COMPLETE.trim_start_matches('{'),
    ] {
        let server = Server::start([Act::ok(body), Act::ok(body)]).await;
        let (client, _) = client(&server, |config| config);
        let error = client.auth(auth()).await.unwrap_err();
        assert_eq!((error.code(), error.status()), ("badAnswer", Some(200)), "{body}");
        assert_eq!(error.retry(), Retry::Never);
        let error = client.collect(&order_ref()).await.unwrap_err();
        assert_eq!((error.code(), error.retry()), ("badAnswer", Retry::Never), "{body}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::start([]).await;
    for status in [301, 302, 307, 308] {
        let head = format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {}/rp/v6.0/auth\r\nContent-Length: 0\r\n\r\n",
            elsewhere.url()
        );
        let server = Server::start([Act::Raw(head.into())]).await;
        let (client, _) = client(&server, |config| config);
        let error = client.auth(auth()).await.unwrap_err();
        assert_eq!((error.code(), error.status()), ("badAnswer", Some(status)));
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn a_cancel_is_confirmed_by_an_object_or_by_nothing() {
    for (body, confirmed) in [
        ("{}", true),
        ("", true),
        (" \r\n", true),
        (r#"{"new":1}"#, true),
        (PAGE, false),
        ("[]", false),
    ] {
        let server = Server::start([Act::ok(body)]).await;
        let (client, _) = client(&server, |config| config);
        match client.cancel(&order_ref()).await {
            Ok(()) => assert!(confirmed, "{body}"),
            Err(error) => assert_eq!((error.code(), confirmed), ("badAnswer", false), "{body}"),
        }
    }
}

#[tokio::test]
async fn answers_of_a_megabyte_are_read_and_longer_ones_named() {
    let complete = |bytes: usize| {
        let filler = "A".repeat(bytes - COMPLETE.len());
        COMPLETE.replace("PFNpZ25hdHVyZS8+", &format!("{filler}PFNpZ25hdHVyZS8+"))
    };
    let megabyte = complete(1 << 20);
    let chunked = |body: &str| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body.as_bytes().chunks(10_000) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        Act::Raw(bytes)
    };
    let until_closed = |body: &str| Act::Raw(format!("HTTP/1.1 200 OK\r\n\r\n{body}").into());

    let script = [Act::ok(&megabyte), chunked(&megabyte), until_closed(&megabyte)];
    let server = Server::start(script).await;
    let (client, _) = client(&server, |config| config);
    for _ in 0..3 {
        let answer = client.collect(&order_ref()).await.unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), megabyte);
    }
}

#[tokio::test]
async fn longer_answers_than_the_limit_are_refused_and_the_limit_is_named() {
    let exact = COMPLETE.len();
    for (limit, accepted) in [(exact, true), (exact - 1, false)] {
        let chunked = format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{exact:x}\r\n{COMPLETE}\r\n0\r\n\r\n"
        );
        let server = Server::start([Act::ok(COMPLETE), Act::Raw(chunked.into())]).await;
        let (client, _) = client(&server, |config| config.response_limit_bytes(limit));
        for _ in 0..2 {
            match client.collect(&order_ref()).await {
                Ok(_) => assert!(accepted),
                Err(error) => {
                    assert!(!accepted);
                    assert_eq!((error.code(), error.status()), ("badAnswer", Some(200)));
                    let cause = error.source().expect("a cause").to_string();
                    assert!(
                        cause.contains(&format!("{limit} bytes (responseLimitBytes)")),
                        "{cause}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn v5_1_has_its_own_result() {
    let body = COMPLETE.replace(
        r#""signature""#,
        r#""cert":{"notBefore":"1502983274000","notAfter":"1563549674000"},"signature""#,
    );
    let server = Server::start([Act::ok(&body)]).await;
    let (client, _) = client(&server, |config| config);
    let answer = client.collect_v5(&order_ref()).await.unwrap();
    let Collect::Complete { completion_data, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(completion_data.cert.not_before_ms(), Some(1_502_983_274_000));
    assert_eq!(server.asked()[0].line(), "POST /rp/v5.1/collect HTTP/1.1");
}
