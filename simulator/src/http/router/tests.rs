use bankid_core::request::{ApiVersion, Operation};
use proptest::prelude::*;

use super::{LANE_NAME_LIMIT, Route, route};
use crate::fault::Endpoint;

#[track_caller]
fn check(target: &str, lane: Option<&str>, version: ApiVersion, endpoint: Endpoint) {
    assert_eq!(route(target), Route::Rp { lane, version, endpoint });
}

#[track_caller]
fn check_unknown(target: &str) {
    assert_eq!(route(target), Route::Unknown, "{target}");
}

#[test]
fn every_endpoint_has_its_path() {
    let v6 = [
        ("auth", Endpoint::Start(Operation::Auth)),
        ("sign", Endpoint::Start(Operation::Sign)),
        ("payment", Endpoint::Start(Operation::Payment)),
        ("other/payment", Endpoint::Start(Operation::OtherPayment)),
        ("phone/auth", Endpoint::Start(Operation::PhoneAuth)),
        ("phone/sign", Endpoint::Start(Operation::PhoneSign)),
        ("collect", Endpoint::Collect),
        ("cancel", Endpoint::Cancel),
    ];
    for (name, endpoint) in v6 {
        check(&format!("/rp/v6.0/{name}"), None, ApiVersion::V6_0, endpoint);
        check(&format!("/l/a.B_9-/rp/v6.0/{name}"), Some("a.B_9-"), ApiVersion::V6_0, endpoint);
        let in_v5 = format!("/rp/v5.1/{name}");
        if ["auth", "sign", "collect", "cancel"].contains(&name) {
            check(&in_v5, None, ApiVersion::V5_1, endpoint);
        } else {
            check_unknown(&in_v5);
        }
    }
}

#[test]
fn paths_are_exact() {
    for target in [
        "",
        "*",
        "/",
        "/rp",
        "/rp/",
        "/rp/v6.0",
        "/rp/v6.0/",
        "/rp/v6.0/auth/",
        "/rp/v6.0/Auth",
        "/RP/v6.0/auth",
        "/rp/V6.0/auth",
        "/rp/v6/auth",
        "/rp/v6.1/auth",
        "/rp/v5.0/auth",
        "/rp/v6.0//auth",
        "//rp/v6.0/auth",
        "/rp/v6.0/auth?",
        "/rp/v6.0/auth?a=b",
        "/rp/v6.0/%61uth",
        "/rp/v6.0/other",
        "/rp/v6.0/phone",
        "/rp/v6.0/phone/payment",
        "/x/rp/v6.0/auth",
        "/_simulator",
        "/_Simulator/v1",
        "/_simulator/v2/lanes",
        "/_simulator/v10",
    ] {
        check_unknown(target);
    }
}

#[test]
fn lanes_have_names_of_a_kind() {
    let longest = "n".repeat(LANE_NAME_LIMIT);
    check(
        &format!("/l/{longest}/rp/v6.0/auth"),
        Some(&longest),
        ApiVersion::V6_0,
        Endpoint::Start(Operation::Auth),
    );
    for target in [
        format!("/l/{longest}n/rp/v6.0/auth"),
        "/l//rp/v6.0/auth".to_owned(),
        "/l/rp/v6.0/auth".to_owned(),
        "/l/a b/rp/v6.0/auth".to_owned(),
        "/l/%61/rp/v6.0/auth".to_owned(),
        "/l/a/b/rp/v6.0/auth".to_owned(),
        "/l/å/rp/v6.0/auth".to_owned(),
        "/l/a/rp/v6.0/nothing".to_owned(),
        "/l/a/_simulator/v1".to_owned(),
    ] {
        check_unknown(&target);
    }
}

#[test]
fn the_control_plane_has_a_prefix() {
    assert_eq!(route("/_simulator/v1/lanes?after=1"), Route::Control);
    assert_eq!(route("/_simulator/v1?"), Route::Control);
}

proptest! {
    /// Whatever a target holds, what is recognised in it is spelt as documented.
    #[test]
    fn routes_are_spelt_out(target in "(/l/[a-z/]{0,3})?(/rp/)?(v6.0|v5.1|.{0,4})?/?(auth|sign|collect|other/payment|.{0,8})?.?") {
        if let Route::Rp { lane, version, endpoint } = route(&target) {
            let name = endpoint.path();
            let lane = lane.map(|lane| format!("/l/{lane}")).unwrap_or_default();
            prop_assert_eq!(target, format!("{lane}/rp/{}/{name}", version.as_str()));
        }
    }
}
