//! What is said about proposals of the local forge: a reference a proposal, `refs/intake/talk/ID`, that points to a
//! file with labels and comments. Strangers do not see it: `transfer.hideRefs` names the prefix.

use git2::{ErrorCode, Oid, Repository};
use serde::{Deserialize, Serialize};

use crate::forge::{Comment, Error, Person, Talk};

/// References that no clone sees.
pub(super) const HIDDEN: &str = "refs/intake";
pub(super) const TALKS: &str = "refs/intake/talk/";
/// How often a change is begun anew because somebody else was faster.
const ATTEMPTS: usize = 20;

/// The file.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    labels: Vec<String>,
    comments: Vec<Said>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    key: Option<String>,
    author: String,
    address: String,
    at: i64,
    text: String,
}

fn read(repository: &Repository, id: &str) -> Result<(Oid, Kept), Error> {
    let reference = match repository.find_reference(&format!("{TALKS}{id}")) {
        Ok(reference) => reference,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok((Oid::ZERO_SHA1, Kept::default())),
        Err(error) => return Err(error.into()),
    };
    let blob = reference.peel_to_blob()?;
    let kept = serde_json::from_slice(blob.content()).map_err(|error| Error::Failed(error.to_string()))?;
    Ok((blob.id(), kept))
}

/// Puts labels in the place of those there are, or adds the comments that are not there yet.
pub(super) fn change(
    repository: &Repository,
    id: &str,
    labels: Option<&[String]>,
    comments: &[Comment],
) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let (before, mut kept) = read(repository, id)?;
        if let Some(labels) = labels {
            kept.labels = labels.to_vec();
            kept.labels.sort();
            kept.labels.dedup();
        }
        for comment in comments {
            let is_known = comment.key.is_some() && kept.comments.iter().any(|said| said.key == comment.key);
            if !is_known {
                kept.comments.push(Said {
                    key: comment.key.clone(),
                    author: comment.author.name.clone(),
                    address: comment.author.address.clone(),
                    at: comment.at,
                    text: comment.text.clone(),
                });
            }
        }
        let bytes = serde_json::to_vec(&kept).map_err(|error| Error::Failed(error.to_string()))?;
        let blob = repository.blob(&bytes)?;
        if blob == before {
            return Ok(());
        }
        match repository.reference_matching(&format!("{TALKS}{id}"), blob, true, before, "talk") {
            Ok(_) => return Ok(()),
            Err(error) if matches!(error.code(), ErrorCode::Modified | ErrorCode::Locked) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Busy)
}

/// Everything that is said about a proposal.
pub(super) fn talk(repository: &Repository, id: &str) -> Result<Talk, Error> {
    let (_, kept) = read(repository, id)?;
    let comment = |said: Said| Comment {
        key: said.key,
        author: Person {
            name: said.author,
            address: said.address,
        },
        at: said.at,
        text: said.text,
    };
    Ok(Talk {
        labels: kept.labels,
        comments: kept.comments.into_iter().map(comment).collect(),
    })
}
