//! Orders from their start to their end.

use std::collections::BTreeSet;

use bankid_core::collect::{FailedHint, PendingHint};
use serde_json::json;
use simulator::phone::Way;
use simulator::scenario::Scenarios;

use super::{Service, post};
use crate::support::{STARTS, minimal, number};

const AUTH: &str = "/auth";

/// What each scenario tells, the gateway tells; all together they tell every hint there is.
#[tokio::test]
async fn every_scenario_is_told_to_its_end() {
    let service = Service::scenario("default").await;
    let lane = service.pair.sim.inner().default_lane();
    let mut told = BTreeSet::new();
    for scenario in Scenarios::built_in().iter() {
        for (path, by_phone) in [(AUTH, false), ("/phone/auth", true)] {
            let name = scenario.name().expect("the built-in ones have names");
            lane.next_scenario(name).expect("a scenario");
            let body = if by_phone {
                json!({"personalNumber": number(), "callInitiator": "RP"})
            } else {
                json!({"endUserIp": "203.0.113.25"})
            };
            let order = service.start(path, &body).await;
            let (hints, last) = service.story(&order["orderRef"]).await;
            let view = lane.order(order["orderRef"].as_str().expect("a name")).expect("an order");
            let attributes = if last["data"]["status"] == "complete" {
                &last["data"]
            } else {
                &last["data"]["attributes"]
            };
            assert_eq!(attributes["status"], view.state.status(), "{name}");
            assert_eq!(attributes["hintCode"].as_str(), view.state.hint_code(), "{name}");
            told.extend(hints);
        }
    }
    let pending = PendingHint::KNOWN.iter().map(PendingHint::as_str);
    let failed = FailedHint::KNOWN.iter().map(FailedHint::as_str);
    for hint in pending.chain(failed) {
        assert!(told.contains(hint), "nobody told {hint}");
    }
    service.stop().await;
}

#[tokio::test]
async fn every_operation_completes() {
    let service = Service::scenario("complete").await;
    for path in STARTS {
        let mut body = minimal(path);
        if path.ends_with("sign") {
            body["userVisibleData"] = "Jag godkänner.".into();
        }
        let order = service.start(&format!("/{path}"), &body).await;
        let by_number = order.as_object().expect("attributes").len() == 1;
        assert_eq!(by_number, matches!(path, "other/payment" | "phone/auth" | "phone/sign"));
        let (hints, answer) = service.story(&order["orderRef"]).await;
        assert_eq!(hints, [""; 0]);
        let completion = &answer["data"]["completionData"];
        let members: Vec<_> = completion.as_object().expect("an object").keys().collect();
        let documented = ["user", "device", "cert", "signature", "ocspResponse"];
        assert_eq!(members[..5], documented);
        let signature = completion["signature"].as_str().expect("text");
        let certificates = bankid_signature::certificates(signature).expect("certificates");
        let cert = json!({
            "notBefore": certificates[0].not_before_ms().to_string(),
            "notAfter": certificates[0].not_after_ms().to_string(),
        });
        assert_eq!(completion["cert"], cert);
    }
    service.stop().await;
}

/// The user sees the text that was sent as plain text, formatted.
#[tokio::test]
async fn a_text_arrives_as_it_was_meant() {
    let service = Service::scenario("phone").await;
    let text = "# Köp\n\n*2 biljetter* till \"Å & Ä\"";
    let body = json!({
        "endUserIp": "203.0.113.25", "userVisibleData": text,
        "userVisibleDataFormat": "simpleMarkdownV1", "personalNumber": "191212121212",
    });
    let order = service.start("/sign", &body).await;
    let lane = service.pair.sim.inner().default_lane();
    let view = lane.order(order["orderRef"].as_str().expect("a name")).expect("an order");
    assert_eq!(view.request.text.as_deref(), Some(text));
    assert_eq!(view.personal_number.expect("a number").expose().to_string(), "191212121212");
    service.stop().await;
}

/// A person scans what `?meta=qr` gives, which needs no start secret.
#[tokio::test]
async fn finished_codes_can_be_scanned() {
    let service = Service::scenario("phone").await;
    let body = json!({"endUserIp": "203.0.113.25"});
    let (_, answer) = service.post("/auth?meta=qr&secrets=none", &body).await;
    let order = &answer["data"]["attributes"];
    assert!(order.get("qrStartSecret").is_none(), "{answer}");
    service.advance_ms(7_300);
    let by_order_ref = json!({"orderRef": order["orderRef"]});
    let (_, answer) = service.post("/collect?meta=qr", &by_order_ref).await;
    let anna = service.pair.sim.phone("anna");
    anna.scan(answer["meta"]["qr"].as_str().expect("a code")).expect("the code of this second");
    anna.approve(Way::SecurityCode).expect("it is signed");
    service.advance_ms(2_000);
    let (_, answer) = service.collect(&order["orderRef"]).await;
    assert_eq!(answer["data"]["status"], "complete");
    service.stop().await;
}

/// The scenario counts collects: six of them, however many callers there are.
#[tokio::test]
async fn bankid_is_asked_once_in_two_seconds() {
    let service = Service::scenario("outstandingTransaction x5, complete").await;
    let order = service.start(AUTH, &json!({"endUserIp": "203.0.113.25"})).await;
    let body = json!({"orderRef": order["orderRef"]});
    for turn in 0..=5 {
        let callers = (0..30).map(|_| {
            let (gateway, body) = (service.gateway.clone(), body.clone());
            tokio::spawn(async move { post(&gateway, "/collect", &body).await.1 })
        });
        for caller in callers.collect::<Vec<_>>() {
            let answer = caller.await.expect("no panic");
            assert_eq!(answer["data"]["status"] == "complete", turn == 5, "{turn}: {answer}");
        }
        service.advance_ms(1_999);
        let early = service.collect(&order["orderRef"]).await.1;
        assert_eq!(early["data"]["status"] == "complete", turn == 5, "{turn}: {early}");
        service.advance_ms(1);
    }
    service.stop().await;
}

#[tokio::test]
async fn a_thousand_orders_complete_side_by_side() {
    let service = Service::scenario("outstandingTransaction, userSign, complete").await;
    let orders = (0..1_000).map(|_| {
        let gateway = service.gateway.clone();
        tokio::spawn(async move {
            let (status, answer) =
                post(&gateway, AUTH, &json!({"endUserIp": "203.0.113.25"})).await;
            assert_eq!(status, 200, "{answer}");
            answer["data"]["attributes"]["orderRef"].clone()
        })
    });
    let mut names = Vec::new();
    for order in orders.collect::<Vec<_>>() {
        names.push(order.await.expect("no panic"));
    }
    for turn in 0..=2 {
        let asking = names.iter().map(|name| {
            let (gateway, body) = (service.gateway.clone(), json!({"orderRef": name}));
            tokio::spawn(async move { post(&gateway, "/collect", &body).await.1 })
        });
        for (answer, name) in asking.collect::<Vec<_>>().into_iter().zip(&names) {
            let answer = answer.await.expect("no panic");
            if turn == 2 {
                assert_eq!(answer["data"]["status"], "complete", "{answer}");
                assert_eq!(answer["data"]["orderRef"], *name);
            } else {
                assert_eq!(answer["data"]["attributes"]["orderRef"], *name, "{answer}");
            }
        }
        service.advance_ms(2_000);
    }
    assert_eq!(service.gateway.orders(), Some(1_000));
    service.stop().await;
}
