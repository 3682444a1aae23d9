use std::{
    io::{Read, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
};

use super::{Called, NoLane, Simulator, StartError};
use crate::clock::Timestamp;

/// Sends a POST over a connection of its own and gives status line and body.
async fn post(address: SocketAddr, path: &str, body: &str) -> (String, String) {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len(),
    );
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

async fn auth(address: SocketAddr, lane: &str) -> String {
    let (status, body) =
        post(address, &format!("{lane}/rp/v6.0/auth"), r#"{"endUserIp":"203.0.113.25"}"#).await;
    assert_eq!(status, "HTTP/1.1 200 OK", "{body}");
    let (_, rest) = body.split_once(r#""orderRef":""#).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn collect(address: SocketAddr, lane: &str, order_ref: &str) -> String {
    post(address, &format!("{lane}/rp/v6.0/collect"), &format!(r#"{{"orderRef":"{order_ref}"}}"#))
        .await
        .1
}

#[tokio::test]
async fn answers_on_its_ports_until_it_is_stopped() {
    let simulator = Simulator::builder().start().await.unwrap();
    let http = simulator.http().unwrap();
    assert_ne!(simulator.https().unwrap().port(), http.port());
    assert_eq!(simulator.control(), Some(http));
    assert!(simulator.certificates().unwrap().ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    simulator.default_lane().next_scenario("userSign, userCancel").unwrap();
    let order = auth(http, "").await;
    assert!(collect(http, "", &order).await.contains(r#""hintCode":"userSign""#));
    assert!(
        collect(http, "", &order).await.contains(r#""status":"failed","hintCode":"userCancel""#)
    );
    assert!(collect(http, "", &order).await.contains("No such order"));
    assert_eq!(simulator.stop().await.unwrap().cut, 0);
    assert!(TcpStream::connect(http).is_err());
}

#[tokio::test]
async fn says_where_it_can_be_reached() {
    let everywhere = Simulator::builder().listen(Ipv6Addr::UNSPECIFIED.into()).start().await;
    // A machine without IPv6 cannot listen there.
    if let Ok(simulator) = everywhere {
        let url = simulator.https_url().unwrap();
        assert_eq!(url, format!("https://[::1]:{}", simulator.https().unwrap().port()));
        simulator.stop().await.unwrap();
    }
    let simulator =
        Simulator::builder().listen(Ipv4Addr::UNSPECIFIED.into()).start().await.unwrap();
    let http = format!("http://127.0.0.1:{}", simulator.http().unwrap().port());
    assert_eq!(simulator.http_url().unwrap(), http);
    assert_eq!(simulator.control_url().unwrap(), format!("{http}/_simulator/v1"));
    simulator.stop().await.unwrap();
}

#[tokio::test]
async fn calls_end_with_the_simulator() {
    let simulator = Simulator::builder().tls(false).start().await.unwrap();
    let controller = simulator.controller();
    auth(simulator.http().unwrap(), "/l/a").await;
    assert_eq!((controller.last_order("a"), controller.last_order("b")), (1, 0));
    let Called::Waiting(next) =
        controller.call("waitForOrder", &[("lane", "a")], r#"{"after":1,"timeout":"60s"}"#)
    else {
        panic!("it does not wait");
    };
    let (answer, stopped) = tokio::join!(next, simulator.stop());
    stopped.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (200, &br#"{"order":null}"#[..]));
    let Called::Done(answer) = controller.call("health", &[], "") else { panic!("it waits") };
    assert_eq!(answer.status, 503);
}

#[tokio::test]
async fn shows_the_root_of_its_signatures() {
    let simulator = Simulator::builder().tls(false).start().await.unwrap();
    let root = simulator.user_root_pem().await.unwrap();
    assert!(root.starts_with("-----BEGIN CERTIFICATE-----"));
    // It is that of the process.
    assert_eq!(simulator.user_root_pem().await.unwrap(), root);
    simulator.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_keeps_the_root_of_signatures_from_the_first_order_on() {
    let folder = crate::cli::TemporaryFolder::new().unwrap();
    let root = folder.path().join("user-ca.pem");
    let start = || Simulator::builder().tls(false).certs_dir(folder.path()).start();
    let simulator = start().await.unwrap();
    let http = simulator.http().unwrap();
    // Neither a call that starts nothing nor one that asks for an order has keys made.
    assert!(post(http, "/rp/v6.0/auth", "{}").await.0.contains("400"));
    collect(http, "", "131daac9-16c6-4618-beb0-365768f37288").await;
    simulator.stop().await.unwrap();
    assert!(!root.exists());

    let simulator = start().await.unwrap();
    auth(simulator.http().unwrap(), "").await;
    while !root.exists() {
        tokio::task::yield_now().await;
    }
    let kept = simulator.user_root_pem().await.unwrap();
    simulator.stop().await.unwrap();
    let simulator = start().await.unwrap();
    assert_eq!(simulator.user_root_pem().await.unwrap(), kept);
    simulator.stop().await.unwrap();
    std::fs::write(&root, "no PEM").unwrap();
    assert_eq!(start().await.unwrap_err().code(), "badCertificates");
}

#[tokio::test]
async fn closes_its_ports_when_dropped() {
    let simulator = Simulator::builder().tls(false).start().await.unwrap();
    let http = simulator.http().unwrap();
    drop(simulator);
    // The tasks end when the runtime next gets to them.
    while TcpStream::connect(http).is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn lanes_are_worlds_of_their_own() {
    let simulator = Simulator::builder().tls(false).max_lanes(3).start().await.unwrap();
    let http = simulator.http().unwrap();
    let order = auth(http, "/l/a").await;
    assert!(collect(http, "/l/b", &order).await.contains("No such order"));
    assert!(collect(http, "/l/a", &order).await.contains("outstandingTransaction"));
    let names: Vec<_> = simulator.lanes().iter().map(|lane| lane.name().to_owned()).collect();
    assert_eq!(names, ["default", "a", "b"]);
    assert_eq!((simulator.usage().orders, simulator.usage().lanes), (1, 3));
    // There is no room, until an idle lane makes some: `b` has no orders.
    simulator.lane("c").unwrap();
    assert_eq!(simulator.lanes().len(), 3);
    assert!(simulator.delete_lane("a"));
    assert!(!simulator.delete_lane("a"));
    assert_eq!((simulator.usage().orders, simulator.usage().lanes), (0, 2));
    assert_eq!(simulator.lane("a b").unwrap_err(), NoLane::Name);
    simulator.stop().await.unwrap();
}

#[tokio::test]
async fn clocks_begin_where_they_are_told_to() {
    let noon = Timestamp::from_unix_ms(1_700_000_000_000);
    let simulator = Simulator::builder().tls(false).frozen_clock(noon).start().await.unwrap();
    assert_eq!(simulator.default_lane().clock().now(), noon);
    assert_eq!(simulator.lane("a").unwrap().clock().now(), noon);
    simulator.stop().await.unwrap();
}

#[tokio::test]
async fn a_seed_repeats_the_tokens() {
    let mut orders = Vec::new();
    for seed in [7, 7, 8] {
        let simulator = Simulator::builder().tls(false).seed(seed).start().await.unwrap();
        orders.push(auth(simulator.http().unwrap(), "/l/a").await);
        simulator.stop().await.unwrap();
    }
    assert_eq!(orders[0], orders[1]);
    assert_ne!(orders[0], orders[2]);
}

#[tokio::test]
async fn refuses_what_does_not_hold() {
    let code = async |builder: super::Builder| builder.start().await.unwrap_err().code();
    let builder = Simulator::builder;
    assert_eq!(code(builder().plain(false).tls(false)).await, "nothingToListenOn");
    assert_eq!(code(builder().scenario("realistik")).await, "invalidScenario");
    assert_eq!(code(builder().names(["not a name"])).await, "badConfiguration");
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = builder().port(port).start().await.unwrap_err();
    assert!(matches!(refused, StartError::Listen { address, .. } if address.port() == port));
}

#[tokio::test]
async fn the_control_plane_can_have_a_port_of_its_own() {
    let simulator = Simulator::builder()
        .tls(false)
        .control_listen((Ipv4Addr::LOCALHOST, 0).into())
        .start()
        .await
        .unwrap();
    let (http, control) = (simulator.http().unwrap(), simulator.control().unwrap());
    assert_ne!(http, control);
    let body = r#"{"endUserIp":"203.0.113.25"}"#;
    assert!(post(control, "/rp/v6.0/auth", body).await.0.contains("404"));
    assert!(post(http, "/rp/v6.0/auth", body).await.0.contains("200"));
    simulator.stop().await.unwrap();
}
