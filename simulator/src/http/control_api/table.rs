//! The routes.

use http::{Method, StatusCode};

use super::handlers::{clock, lane, order, phone, queue, server};
use super::problem::Code;
use super::route::{Draft, Route, route};

/// What any call about a lane may be refused: a name that can be none.
const LANE: &[Code] = &[Code::NoSuchLane, Code::Full];
/// What a call about an order may be refused.
const ORDER: &[Code] = &[Code::NoSuchLane, Code::NoSuchOrder, Code::Full];
/// What a call may be refused that names a scenario.
const SCENARIO: &[Code] = &[Code::InvalidScenario, Code::NoSuchLane, Code::Full];
/// What a phone may be refused.
const PHONE: &[Code] = &[Code::PhoneRefused, Code::AlreadyDecided, Code::NoSuchLane, Code::Full];

/// All routes, in the order of the documentation.
pub(super) fn routes() -> Vec<Route> {
    let mut routes = Vec::from(server());
    routes.extend(lanes());
    routes.extend(queues());
    routes.extend(clocks());
    routes.extend(orders());
    routes.extend(phones());
    routes
}

fn server() -> [Route; 5] {
    [
        get("/health", "health", "Whether the simulator is up; every port of it tells.")
            .open()
            .gives(server::health),
        get("/openapi.json", "openapi", "This document.").open().gives(server::document),
        get("/scenarios", "listScenarios", "The scenarios that can be named.")
            .gives(server::scenarios),
        get("/personas", "listPersonas", "The people that can be named.").gives(server::personas),
        get(
            "/userRoot",
            "readUserRoot",
            "The root under which people sign; made if it is not yet.",
        )
        .refuses(&[Code::Internal])
        .gives_later(server::user_root),
    ]
}

fn lanes() -> [Route; 5] {
    [
        get("/lanes", "listLanes", "The lanes in use.").gives(lane::list),
        get("/lanes/{lane}", "readLane", "A lane in use.").refuses(LANE).gives(lane::read),
        delete(
            "/lanes/{lane}",
            "deleteLane",
            "Deletes a lane; the default one is emptied instead.",
        )
        .refuses(LANE)
        .gives(lane::delete),
        post(
            "/lanes/{lane}/reset",
            "resetLane",
            "No orders, no instructions, the clock as at first.",
        )
        .refuses(LANE)
        .gives(lane::reset),
        put("/lanes/{lane}/default", "setDefault", "What users do when nothing else applies.")
            .refuses(SCENARIO)
            .takes(lane::set_default),
    ]
}

fn queues() -> [Route; 3] {
    const PATH: &str = "/lanes/{lane}/queue";
    [
        post(PATH, "queueOutcome", "Queues what happens next; used once, first in first out.")
            .status(StatusCode::CREATED)
            .refuses(SCENARIO)
            .takes(queue::add),
        get(PATH, "readQueue", "What waits in the queue.").refuses(LANE).gives(queue::list),
        delete(PATH, "clearQueue", "Takes back everything that waits in the queue.")
            .refuses(LANE)
            .gives(queue::clear),
    ]
}

fn clocks() -> [Route; 4] {
    [
        get("/lanes/{lane}/clock", "readClock", "The time in the lane.")
            .refuses(LANE)
            .gives(clock::read),
        post("/lanes/{lane}/clock/advance", "advanceClock", "Turns the clock forward.")
            .refuses(LANE)
            .takes(clock::advance),
        post("/lanes/{lane}/clock/freeze", "freezeClock", "Stops the clock.")
            .refuses(LANE)
            .gives(clock::freeze),
        post("/lanes/{lane}/clock/run", "runClock", "Lets the clock run, from where it is.")
            .refuses(LANE)
            .takes(clock::run),
    ]
}

fn orders() -> [Route; 3] {
    [
        get("/lanes/{lane}/orders", "listOrders", "Orders by number, lately ended ones included.")
            .refuses(LANE)
            .takes(order::list),
        // Before the next one, whose path it would match.
        get("/lanes/{lane}/orders/next", "waitForOrder", "Waits for an order.")
            .refuses(LANE)
            .waits(order::next),
        get(
            "/lanes/{lane}/orders/{orderRef}",
            "readOrder",
            "An order, and what decided its steps.",
        )
        .refuses(ORDER)
        .gives(order::read),
    ]
}

fn phones() -> [Route; 8] {
    let act = |path, id, summary| post(path, id, summary).refuses(PHONE);
    [
        get("/lanes/{lane}/phone", "readPhone", "The order in a person's app.")
            .refuses(LANE)
            .takes(phone::read),
        act("/lanes/{lane}/phone/scan", "scan", "Scans a QR code, judged at the lane's time.")
            .takes(phone::scan),
        act("/lanes/{lane}/phone/open", "open", "Opens the app, by a start link or by hand.")
            .takes(phone::open),
        act("/lanes/{lane}/phone/approve", "approve", "Confirms the order in the app.")
            .takes(phone::approve),
        act("/lanes/{lane}/phone/cancel", "cancel", "Cancels the order in the app.")
            .takes(phone::cancel),
        act("/lanes/{lane}/phone/confirmCall", "confirmCall", "Says yes to being in the call.")
            .takes(phone::confirm_call),
        act("/lanes/{lane}/phone/declineCall", "declineCall", "Says no to being in the call.")
            .takes(phone::decline_call),
        act("/lanes/{lane}/phone/readDocument", "readDocument", "Reads the chip of a passport.")
            .takes(phone::read_document),
    ]
}

fn get(path: &'static str, id: &'static str, summary: &'static str) -> Draft {
    route(Method::GET, path, id, summary)
}

fn post(path: &'static str, id: &'static str, summary: &'static str) -> Draft {
    route(Method::POST, path, id, summary)
}

fn put(path: &'static str, id: &'static str, summary: &'static str) -> Draft {
    route(Method::PUT, path, id, summary)
}

fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Draft {
    route(Method::DELETE, path, id, summary)
}
