//! Which addresses are open to everybody, and a resolver that gives out no others: contributed links must not make the machine
//! that checks them ask its neighbours.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Looks names up and drops addresses that are not public. Every connection asks it, also after a redirect, and goes to what
/// it answers: there is no second lookup that could answer otherwise.
#[derive(Debug, Default)]
pub(super) struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        let mut public = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        match public.is_empty() {
            true => Err(Error::Other(Box::new(Private))),
            false => Ok(public),
        }
    }
}

/// The host has private addresses only.
#[derive(Debug)]
pub(super) struct Private;

impl std::fmt::Display for Private {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a private address")
    }
}

impl std::error::Error for Private {}

/// Whether an address belongs to no special network. Source: the special-purpose registries of IANA (RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_special = address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        // This network, shared address space, IETF assignments, relays of 6to4, benchmarks, reserved and broadcast.
        || first == 0
        || first == 100 && second & 0b1100_0000 == 64
        || first == 192 && second == 0 && third == 0
        || first == 192 && second == 88 && third == 99
        || first == 198 && second & 0b1111_1110 == 18
        || first >= 240;
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // An address of IPv4 within one of IPv6 leads where the former leads: mapped, compatible, translated, 6to4.
    let inner = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => inner(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inner(high, low),
        [0x64, 0xff9b, 1, ..] => false,
        [0x2002, high, low, ..] => inner(high, low),
        // Teredo and other assignments of the IETF, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        // Only what is given out for the public network; neither local nor link-local nor multicast.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_network_are_public() {
        let cases = [
            (
                true,
                "1.1.1.1 93.184.216.34 223.5.5.5 172.32.0.1 100.128.0.1 2606:4700::1111 240e::1 64:ff9b::101:101",
            ),
            (
                false,
                "127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 172.31.9.9 192.168.1.1 169.254.169.254",
            ),
            (
                false,
                "100.64.0.1 192.0.0.8 192.0.2.1 198.18.0.1 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255",
            ),
            (
                false,
                ":: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::10.0.0.1 fe80::1 fc00::1 fd12::1 fec0::1 ff02::1",
            ),
            (
                false,
                "64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:db8::1 2001::1 100::1",
            ),
        ];
        for (expected, addresses) in cases {
            for address in addresses.split(' ') {
                assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
