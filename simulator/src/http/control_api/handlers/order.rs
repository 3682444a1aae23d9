//! Which orders there are.

use std::time::Duration;

use super::super::documents::{NextOrder, Order, OrderList, Page, Wait};
use super::super::problem::{Code, Problem};
use super::super::route::{Call, Json, State};
use super::{invalid, lane};

/// The most orders on one page: one of them with all its texts may take half a megabyte.
const LONGEST_PAGE: usize = 1000;
/// How long to wait for an order if the caller does not say, and at most.
const USUAL_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

pub(in super::super) fn list(
    state: &State,
    call: &Call,
    page: &Page,
) -> Result<Json<OrderList>, Problem> {
    if !(1..=LONGEST_PAGE).contains(&page.limit) {
        return Err(invalid("limit", format!("must be 1 to {LONGEST_PAGE}")));
    }
    // One more than asked for tells whether there is a next page.
    let mut orders = lane(state, call)?.orders_after(page.after, page.limit + 1);
    let more = orders.len() > page.limit;
    orders.truncate(page.limit);
    let next = orders.last().filter(|_| more).map(|order| order.number);
    Ok(Json(OrderList { orders: orders.into_iter().map(Order::from).collect(), next }))
}

pub(in super::super) fn read(state: &State, call: &Call) -> Result<Json<Order>, Problem> {
    let order = lane(state, call)?.order(call.parameter("orderRef")).ok_or_else(|| {
        let detail = "there is no such order in this lane, or it has been forgotten";
        Problem::new(Code::NoSuchOrder, detail).with_member("orderRef")
    })?;
    Ok(Json(order.into()))
}

pub(in super::super) async fn next(
    state: State,
    call: Call,
    wait: Wait,
) -> Result<Json<NextOrder>, Problem> {
    let timeout = wait.timeout.map_or(USUAL_WAIT, |span| span.0);
    if timeout > LONGEST_WAIT {
        return Err(invalid("timeout", "must be at most `60s`"));
    }
    let lane = lane(&state, &call)?;
    let order = tokio::select! {
        biased;
        order = lane.next_order(wait.after) => Some(order),
        () = tokio::time::sleep(timeout) => None,
        // Whoever waits must not hold up the end of the simulator.
        () = state.stopped() => None,
    };
    Ok(Json(NextOrder { order: order.map(Order::from) }))
}
