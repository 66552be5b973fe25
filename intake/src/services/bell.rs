//! What somebody was told in the office: in words, with where it is, seen or not.

use super::actor::Actor;
use super::{Error, Kind as Refused};
use crate::app::App;
use crate::clock;
use crate::mail::About;
use crate::store::Notice;

/// A notice in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// Its id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// When, written for people.
    pub at: String,
    /// Whether it was not seen yet.
    pub is_unread: bool,
}

/// The notices of the actor, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn rings(app: &App, actor: &Actor) -> Result<Vec<Ring>, Error> {
    let mut rings = Vec::new();
    for notice in app.store.notices_of(&actor.account.id).await? {
        let title = title(app, &notice).await?;
        let key = format!("bell.{}", notice.kind.name());
        rings.push(Ring {
            text: app.texts.fill(&key, &[("title", &title)]),
            at: clock::written(notice.at, app.portal.snapshot().zone()),
            is_unread: notice.read_at.is_none(),
            id: notice.id,
        });
    }
    Ok(rings)
}

/// What a notice is about, as it is called now.
async fn title(app: &App, notice: &Notice) -> Result<String, Error> {
    let entry = |path: &str| {
        let entry = app.portal.snapshot().entry_at(path);
        entry.map_or_else(|| path.to_owned(), |(_, title, _)| title)
    };
    let subject = notice.subject.as_str();
    let title = match notice.kind.about() {
        About::Entry => Some(entry(subject)),
        About::Takedown => app.store.takedown(subject).await?.map(|known| known.title),
        About::Recommendation => {
            let known = app.store.recommendation(subject).await?;
            known.map(|known| entry(&known.path))
        }
        About::Submission | About::Account | About::Queue => {
            app.store.submission(subject).await?.map(|known| known.title)
        }
    };
    let title = title.filter(|title| !title.is_empty());
    Ok(title.unwrap_or_else(|| app.texts.get("item.untitled").to_owned()))
}

/// Where a notice leads to.
fn place(notice: &Notice) -> String {
    match notice.kind.about() {
        About::Entry | About::Queue | About::Account => "/intake/".to_owned(),
        About::Takedown => "/intake/takedowns".to_owned(),
        About::Recommendation => "/intake/recommendations".to_owned(),
        About::Submission => format!("/intake/items/{}", notice.subject),
    }
}

/// Notes that the actor saw a notice, and gives where it leads to; those of authors who answer for no unit lead to the desk
/// where the page is for admins.
///
/// # Errors
/// [`Refused::NotFound`] when it is not the actor's.
pub async fn open(app: &App, actor: &Actor, id: &str) -> Result<String, Error> {
    let notice = app.store.notice(id).await?;
    let notice = notice.filter(|notice| notice.account == actor.account.id);
    let notice = notice.ok_or(Refused::NotFound)?;
    read(app, actor, Some(id)).await?;
    let place = place(&notice);
    let is_open = actor.role().is_admin() || place.starts_with("/intake/items/");
    Ok(if is_open { place } else { "/intake/".to_owned() })
}

/// Notes that the actor saw a notice, or all of them.
///
/// # Errors
/// When the database does not answer.
pub async fn read(app: &App, actor: &Actor, id: Option<&str>) -> Result<(), Error> {
    let mut change = app.store.change().await?;
    change.read_notices(&actor.account.id, id, clock::now()).await?;
    change.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::mail::Kind;
    use crate::texts::Texts;

    #[test]
    fn whatever_one_is_told_has_words() {
        let texts = Texts::chinese();
        for kind in Kind::ALL {
            let key = format!("bell.{}", kind.name());
            assert_ne!(texts.get(&key), key);
        }
    }
}
