//! Whose address a request has. BankID judges risk by it (2.2), so nobody may choose it who is not trusted to.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};
use ipnet::IpNet;

use super::settings::ForwardingHeader;
use crate::media::split;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The user's address: that of the connection, or the last one on the way that no trusted proxy has. Each proxy writes
/// behind what it was sent, so that only what trusted ones wrote is looked at.
pub(super) fn of_user(
    connection: IpAddr,
    headers: &HeaderMap,
    trusted: &[IpNet],
    header: ForwardingHeader,
) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let mut user = connection.to_canonical();
    if !is_trusted(user) {
        return user;
    }
    let name = match header {
        ForwardingHeader::XForwardedFor => &X_FORWARDED_FOR,
        ForwardingHeader::Forwarded => &FORWARDED,
    };
    // A header that is no text hides what stands before it.
    let lines = headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or("unknown"));
    let hops: Vec<_> = lines.flat_map(|line| split(line, b',')).collect();
    for hop in hops.into_iter().rev() {
        let node = match header {
            ForwardingHeader::XForwardedFor => Some(hop),
            ForwardingHeader::Forwarded => forwarded_for(hop),
        };
        let Some(address) = node.and_then(address) else { break };
        user = address;
        if !is_trusted(user) {
            break;
        }
    }
    user
}

/// The parameter `for` of an element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut pairs = split(element, b';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    Some(node.trim().trim_matches('"'))
}

/// An address, with a port or without.
fn address(node: &str) -> Option<IpAddr> {
    let address = match node.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0.parse::<Ipv6Addr>().ok()?.into(),
        None => node.parse().ok().or_else(|| Some(node.parse::<SocketAddr>().ok()?.ip()))?,
    };
    Some(address.to_canonical())
}

/// What counts as one place: an IPv4 address, or the network of an IPv6 address, within which hosts change theirs.
pub(super) fn block(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}
