//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use crate::app::App;
use crate::services::guesses::Place;
use crate::web::actor::device_of;

/// The network from which a request comes, as text: what is counted by address is counted by it.
#[derive(Debug, Clone)]
pub(crate) struct Source(pub(crate) String);

impl Source {
    /// The network of whoever sent a request, as far as the server's own proxy or its connection tells.
    pub(crate) fn of(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let connected = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        let forwarded = forwarded(headers).filter(|_| app.config.server.behind_proxy);
        Self(forwarded.or(connected).map_or_else(String::new, network))
    }
}

impl FromRequestParts<Arc<App>> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(app, &parts.headers, &parts.extensions))
    }
}

/// Who asks: where from, and what their browser keeps and calls itself.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    network: String,
    device: Option<String>,
    agent: String,
}

impl Caller {
    /// What services are told of it.
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            network: &self.network,
            device: self.device.as_deref(),
            agent: &self.agent,
        }
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let Source(network) = Source::of(app, &parts.headers, &parts.extensions);
        Ok(Self {
            network,
            device: device_of(app, &parts.headers),
            agent: agent_of(&parts.headers),
        })
    }
}

/// What a browser calls itself, short enough to keep.
fn agent_of(headers: &HeaderMap) -> String {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    agent
        .chars()
        .filter(|character| !character.is_control())
        .take(200)
        .collect()
}

/// The address that the proxy itself saw: the last of the last list. Those before it a client can make up.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().ok()
}

/// An address of the old kind, or the half of one of the new kind that names a network: who has one such network has 2^64
/// addresses in it.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_last_address_is_the_one_that_the_proxy_saw() {
        let cases: &[(&[&str], Option<&str>)] = &[
            (&[], None),
            (&["192.0.2.1"], Some("192.0.2.1")),
            (&["10.0.0.1, 192.0.2.1"], Some("192.0.2.1")),
            (&["10.0.0.1", "192.0.2.1"], Some("192.0.2.1")),
            (&["10.0.0.1, 192.0.2.1, unknown"], None),
        ];
        for (lists, expected) in cases {
            let mut headers = HeaderMap::new();
            for list in *lists {
                headers.append("x-forwarded-for", list.parse().unwrap());
            }
            let expected = expected.map(|address| address.parse().unwrap());
            assert_eq!(forwarded(&headers), expected, "{lists:?}");
        }
    }

    #[test]
    fn addresses_of_one_network_are_one_source() {
        for (address, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(network(address.parse().unwrap()), expected);
        }
    }
}
