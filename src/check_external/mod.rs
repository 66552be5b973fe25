//! Asks outward links whether they answer. The only part of the program that uses the network.

mod public;

use std::collections::BTreeMap;
use std::time::Duration;

use rayon::prelude::*;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Error};

use public::{Private, PublicOnly};

use crate::catalog::{Catalog, Destination, Ix};
use crate::diag::{Code, Diagnostic, Span};
use crate::progress::{Progress, Stage};

/// How long a server may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Servers asked at the same time.
const AT_ONCE: usize = 8;

/// Reports outward links that do not answer, at the first place where each stands. Addresses of one's own network are asked
/// only if `allow_private` says so; otherwise links that lead there are reported unasked.
pub(crate) fn check_external(
    catalog: &Catalog,
    allow_private: bool,
    progress: Option<&Progress>,
) -> Vec<Diagnostic> {
    let mut links: BTreeMap<&str, (Ix, &Span)> = BTreeMap::new();
    for (ix, entry) in catalog.iter() {
        for link in &entry.facts.links {
            let is_web = link.target.starts_with("http://") || link.target.starts_with("https://");
            if is_web && catalog.destination(entry, &link.target) == Destination::External {
                links.entry(&link.target).or_insert((ix, &link.span));
            }
        }
    }
    let agent = agent(allow_private);
    let links: Vec<_> = links.into_iter().collect();
    if let Some(progress) = progress {
        progress.begin(Stage::Links, links.len());
    }
    let ask = || {
        let wrong = links.par_iter().filter_map(|(target, (ix, span))| {
            let wrong = unanswered(&agent, target);
            progress.inspect(|progress| progress.step());
            let wrong = wrong?.with("target", target);
            Some(wrong.in_file(&catalog.entry(*ix).path).at((*span).clone()))
        });
        wrong.collect()
    };
    match rayon::ThreadPoolBuilder::new().num_threads(AT_ONCE).build() {
        Ok(pool) => pool.install(ask),
        Err(_) => ask(),
    }
}

fn agent(allow_private: bool) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false);
    if allow_private {
        return Agent::new_with_config(config.build());
    }
    // A proxy would look the names up, and they could lead anywhere.
    let config = config.proxy(None).build();
    Agent::with_parts(config, DefaultConnector::default(), PublicOnly::default())
}

/// What is wrong with a link that does not answer. Returns `None` if it does. Some servers refuse HEAD, so those are asked
/// again with GET.
fn unanswered(agent: &Agent, target: &str) -> Option<Diagnostic> {
    let is_fine = |status: u16| (200..400).contains(&status);
    let status = |status: u16| Diagnostic::new(Code::ExternalLink).with("reason", status.to_string());
    match agent
        .head(target)
        .call()
        .map(|response| response.status().as_u16())
    {
        Ok(known) if is_fine(known) => return None,
        Ok(known) if !matches!(known, 400 | 403 | 405 | 501) => return Some(status(known)),
        Ok(_) => {}
        Err(error) => return Some(failed(&error)),
    }
    match agent
        .get(target)
        .call()
        .map(|response| response.status().as_u16())
    {
        Ok(known) if is_fine(known) => None,
        Ok(known) => Some(status(known)),
        Err(error) => Some(failed(&error)),
    }
}

fn failed(error: &Error) -> Diagnostic {
    match error {
        Error::Other(other) if other.is::<Private>() => Diagnostic::new(Code::PrivateLink),
        other => Diagnostic::new(Code::ExternalLink).with("reason", other),
    }
}
