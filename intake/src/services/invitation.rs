//! Links that open an account: shown once to the admin who makes them, and mailed where there is an address.

use serde::Serialize;

use crate::domain::audit::Event;
use crate::ids;
use crate::store::{self, Account, Change};

/// A link that is shown once.
#[derive(Debug, Serialize)]
pub struct Opened {
    /// Whose account it opens.
    pub name: String,
    /// What its holder types to sign in.
    pub login: String,
    /// The path of the link.
    pub link: String,
    /// Hours for which it holds.
    pub hours: u32,
    /// What is kept of the link.
    #[serde(skip)]
    pub token: String,
}

/// Makes a link that opens an account; those before it end.
///
/// # Errors
/// When the database does not answer.
pub async fn invite(
    change: &mut Change<'_>,
    account: &Account,
    now: i64,
    hours: u32,
) -> Result<Opened, store::Error> {
    let secret = ids::secret();
    let (token, expires_at) = (ids::fingerprint(&secret), now + i64::from(hours) * 3_600_000);
    change.invite(&token, &account.id, now, expires_at).await?;
    let event = Event {
        at: now,
        actor: None,
        action: "invited".to_owned(),
        subject: format!("account/{}", account.id),
        detail: String::new(),
    };
    change.record(&event).await?;
    Ok(Opened {
        name: account.name.clone(),
        login: account.login.clone(),
        link: format!("/intake/open/{secret}"),
        hours,
        token,
    })
}
