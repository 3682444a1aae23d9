//! Integration suites: each test has a simulator of its own, on free ports, with a clock that only the test turns.

#[cfg(test)]
mod client;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod lanes;
#[cfg(test)]
#[expect(dead_code, reason = "nobody disturbs the store here")]
#[path = "../support/redis.rs"]
mod redis;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod support;
