//! Several instances behind a balancer: a browser stays at its own, its backend comes to any.

use gateway::{Origin, PageSettings};
use serde_json::json;

use crate::world::{KEY, SHOP, World, complete, post};

#[tokio::test]
async fn a_backend_may_come_to_any_instance() {
    let world = World::new().await;
    let settings = PageSettings::new("shop", [Origin::try_from(SHOP).unwrap()]);
    let another = world.another(settings);
    let text = json!({"userVisibleData": "a", "personalNumber": "190000000000"});
    let (status, answer) = post(&another, "/ticket/sign", KEY, &text).await;
    assert_eq!(status, 200, "{answer}");
    let ticket = answer["data"]["attributes"]["ticket"].clone();
    let browser = world.started("order", json!({"ticket": ticket})).await;
    let asked: serde_json::Value = serde_json::from_str(&world.upstream.asked()[0].body).unwrap();
    assert_eq!(asked["requirement"], json!({"personalNumber": "190000000000"}));
    let mut page = browser.listen().await;
    world.collected(&complete("order"));
    let code = page.end().await["code"].clone();

    let (status, result) = post(&another, "/result", KEY, &json!({"code": code})).await;
    assert_eq!((status, &result["meta"]["session"]["ticket"]), (200, &ticket), "{result}");
    assert_eq!(result["data"]["completionData"]["user"]["personalNumber"], "190000000000");
    for gateway in [&world.gateway, &another] {
        assert_eq!(post(gateway, "/result", KEY, &json!({"code": code})).await.0, 404);
    }
    let answer = world.browser().start(json!({"ticket": ticket})).await;
    assert_eq!(answer.refusal(), (403, "ticketRefused".to_owned()));
    world.stop().await;
}
