//! Whose address BankID is told.

use bytes::Bytes;
use gateway::{ForwardingHeader, PageSettings};
use http::Request;
use serde_json::Value;

use crate::world::{SHOP, World, started};

/// What BankID is told of a start from this address with these headers.
async fn told(set: impl Fn(&mut PageSettings), from: &str, headers: &[(&str, &str)]) -> String {
    let world = World::with(set).await;
    world.upstream.answers(200, &started("order"));
    let mut request = Request::post("/session/start").header("origin", SHOP);
    request = request.header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = world.send(request.body(Bytes::from_static(b"{}")).unwrap(), from).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    let asked: Value = serde_json::from_str(&world.upstream.asked()[0].body).unwrap();
    world.stop().await;
    asked["endUserIp"].as_str().unwrap().to_owned()
}

fn proxies(settings: &mut PageSettings) {
    settings.trusted_proxies =
        ["10.0.0.0/8", "2001:db8:1::/48"].map(|net| net.parse().unwrap()).to_vec();
}

const FORWARDED_FOR: &str = "x-forwarded-for";

#[tokio::test]
async fn nobody_chooses_an_address_who_is_not_trusted() {
    let nobody = |_: &mut PageSettings| ();
    let claims = [
        (FORWARDED_FOR, "198.51.100.7"),
        ("forwarded", "for=198.51.100.7"),
        ("x-real-ip", "198.51.100.7"),
    ];
    assert_eq!(told(nobody, "203.0.113.25", &claims).await, "203.0.113.25");
    assert_eq!(told(proxies, "203.0.113.25", &claims).await, "203.0.113.25");
    assert_eq!(told(nobody, "::ffff:203.0.113.25", &claims).await, "203.0.113.25");
    assert_eq!(told(nobody, "2001:db8::7", &claims).await, "2001:db8::7");
}

#[tokio::test]
async fn of_trusted_proxies_the_last_word_counts_that_is_not_about_one_of_them() {
    for (line, expected) in [
        ("198.51.100.7", "198.51.100.7"),
        // What the user wrote stands before what the proxy did.
        ("192.0.2.66, 198.51.100.7", "198.51.100.7"),
        ("192.0.2.66, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:4711 , 2001:db8:1::1", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        // What is no address ends the way: nothing before it is believed.
        ("198.51.100.7, unknown", "10.0.0.1"),
        ("198.51.100.7, , 10.1.2.3", "10.1.2.3"),
        ("198.51.100.7, 10.1.2", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("10.1.2.3, 10.4.5.6", "10.1.2.3"),
    ] {
        let headers = [(FORWARDED_FOR, line), ("forwarded", "for=192.0.2.66")];
        assert_eq!(told(proxies, "10.0.0.1", &headers).await, expected, "{line}");
    }
    let lines = [(FORWARDED_FOR, "192.0.2.66"), (FORWARDED_FOR, "198.51.100.7")];
    assert_eq!(told(proxies, "::ffff:10.0.0.1", &lines).await, "198.51.100.7");
    assert_eq!(told(proxies, "10.0.0.1", &[]).await, "10.0.0.1");
}

#[tokio::test]
async fn the_standard_header_is_read_where_it_is_configured() {
    let standard = |settings: &mut PageSettings| {
        proxies(settings);
        settings.forwarding_header = ForwardingHeader::Forwarded;
    };
    for (line, expected) in [
        ("for=198.51.100.7", "198.51.100.7"),
        ("For=\"[2001:db8::7]:4711\";proto=https", "2001:db8::7"),
        ("for=192.0.2.66, by=10.0.0.1;for=198.51.100.7;proto=https, for=10.1.2.3", "198.51.100.7"),
        ("for=192.0.2.66, for=_hidden", "10.0.0.1"),
        ("for=192.0.2.66, proto=https", "10.0.0.1"),
        ("for=\"192.0.2.66, for=198.51.100.7", "10.0.0.1"),
    ] {
        let headers = [("forwarded", line), (FORWARDED_FOR, "192.0.2.99")];
        assert_eq!(told(standard, "10.0.0.1", &headers).await, expected, "{line}");
    }
}
