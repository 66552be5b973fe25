//! `[publish]`

use std::path::Path;

use serde::Deserialize;

use super::secret::Secret;
use crate::portal::After;

/// `[publish]`: who is told of each change of the portal.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Publish {
    after: Secret,
}

impl Publish {
    /// Who is told, if anybody is.
    pub fn after(&self) -> Option<After> {
        let after = self.after.text();
        let is_address = after.starts_with("https://") || after.starts_with("http://");
        match after {
            "" => None,
            after if is_address => Some(After::Address(after.to_owned())),
            after => Some(After::Program(after.into())),
        }
    }

    /// Makes a relative path the one from the directory of the settings.
    pub(super) fn resolve(&mut self, directory: &Path) {
        if let Some(After::Program(path)) = self.after() {
            self.after = Secret::of(directory.join(path).to_string_lossy().into_owned());
        }
    }

    /// What is wrong, in a line.
    pub(super) fn problem(&self) -> Option<String> {
        match self.after()? {
            After::Program(path) if !path.is_file() => Some(format!(
                "publish.after: {}: expected a program, or an address that begins with https:// or http://",
                path.display()
            )),
            After::Address(address) if url::Url::parse(&address).is_err() => {
                Some("publish.after: the address cannot be read".to_owned())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_program_or_an_address() {
        let read = |after: &str| toml::from_str::<Publish>(&format!("after = {after:?}")).unwrap();
        let address = "https://cdn.example.org/purge?key=secret";
        let cases = [
            ("", None, None),
            (address, Some(After::Address(address.to_owned())), None),
            ("/bin/sh", Some(After::Program("/bin/sh".into())), None),
            (
                "/no/such",
                Some(After::Program("/no/such".into())),
                Some("/no/such: expected"),
            ),
            (
                "http://",
                Some(After::Address("http://".to_owned())),
                Some("cannot be read"),
            ),
        ];
        for (text, after, problem) in cases {
            let publish = read(text);
            assert_eq!(publish.after(), after);
            assert_eq!(publish.problem().is_some(), problem.is_some(), "{text}");
            let said = publish.problem().unwrap_or_default();
            assert!(said.contains(problem.unwrap_or_default()), "{said}");
            assert!(!format!("{publish:?}").contains("secret"));
        }
        let mut beside = read("purge.sh");
        beside.resolve(Path::new("/etc/jixia"));
        assert_eq!(beside.after(), Some(After::Program("/etc/jixia/purge.sh".into())));
    }
}
