//! Asks outward links whether they answer. The only part of the program that uses the network.

use std::collections::BTreeMap;
use std::time::Duration;

use rayon::prelude::*;
use ureq::Agent;

use crate::catalog::{Catalog, Destination, Ix};
use crate::diag::{Code, Diagnostic, Span};

/// How long a server may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Servers asked at the same time.
const AT_ONCE: usize = 8;

/// Reports outward links that do not answer, at the first place where each stands.
pub(crate) fn check_external(catalog: &Catalog) -> Vec<Diagnostic> {
    let mut links: BTreeMap<&str, (Ix, &Span)> = BTreeMap::new();
    for (ix, entry) in catalog.iter() {
        for link in &entry.facts.links {
            let is_web = link.target.starts_with("http://") || link.target.starts_with("https://");
            if is_web && catalog.destination(entry, &link.target) == Destination::External {
                links.entry(&link.target).or_insert((ix, &link.span));
            }
        }
    }
    let config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .build();
    let agent = Agent::new_with_config(config);
    let links: Vec<_> = links.into_iter().collect();
    let ask = || {
        let wrong = links.par_iter().filter_map(|(target, (ix, span))| {
            let reason = unanswered(&agent, target)?;
            let diagnostic = Diagnostic::new(Code::ExternalLink).in_file(&catalog.entry(*ix).path);
            Some(
                diagnostic
                    .at((*span).clone())
                    .with("target", target)
                    .with("reason", reason),
            )
        });
        wrong.collect()
    };
    match rayon::ThreadPoolBuilder::new().num_threads(AT_ONCE).build() {
        Ok(pool) => pool.install(ask),
        Err(_) => ask(),
    }
}

/// Why a link does not answer. Returns `None` if it does. Some servers refuse HEAD, so those are asked again with GET.
fn unanswered(agent: &Agent, target: &str) -> Option<String> {
    let is_fine = |status: u16| (200..400).contains(&status);
    match agent.head(target).call() {
        Ok(response) if is_fine(response.status().as_u16()) => return None,
        Ok(response) if !matches!(response.status().as_u16(), 400 | 403 | 405 | 501) => {
            return Some(response.status().to_string());
        }
        Ok(_) => {}
        Err(error) => return Some(error.to_string()),
    }
    match agent.get(target).call() {
        Ok(response) if is_fine(response.status().as_u16()) => None,
        Ok(response) => Some(response.status().to_string()),
        Err(error) => Some(error.to_string()),
    }
}
