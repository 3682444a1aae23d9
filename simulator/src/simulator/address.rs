//! Under which URLs a simulator can be reached from this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::Simulator;
use crate::http::control_api::PREFIX;

impl Simulator {
    /// Where plain HTTP is, without a slash at the end: `http://127.0.0.1:8010`. BankID's paths (`/rp/v6.0`), those of lanes
    /// (`/l/NAME/rp/v6.0`) and the control plane lie below it.
    pub fn http_url(&self) -> Option<String> {
        Some(url("http", self.http()?))
    }

    /// Where mutual TLS is: `https://127.0.0.1:8011`.
    pub fn https_url(&self) -> Option<String> {
        Some(url("https", self.https()?))
    }

    /// Where the control plane is: `http://127.0.0.1:8010/_simulator/v1`.
    pub fn control_url(&self) -> Option<String> {
        Some(format!("{}{PREFIX}", url("http", self.control()?)))
    }
}

fn url(scheme: &str, address: SocketAddr) -> String {
    format!("{scheme}://{}", reachable(address))
}

/// An address of this machine under which a port that listens on all of them can be reached.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(ip, address.port())
}
