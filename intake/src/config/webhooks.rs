//! `[webhooks]`

use serde::Deserialize;

use crate::domain::webhook::Origin;

/// `[webhooks]`: robots in groups besides those of the three providers themselves.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Such as `dingtalk https://robots.example.edu.cn`.
    origins: Vec<String>,
}

impl Webhooks {
    /// Where robots of a provider are besides its own place.
    pub fn origins(&self) -> Vec<Origin> {
        self.origins
            .iter()
            .filter_map(|text| Origin::parse(text))
            .collect()
    }

    /// What is wrong, in a line.
    pub(super) fn problem(&self) -> Option<String> {
        let wrong = self.origins.iter().find(|text| Origin::parse(text).is_none())?;
        Some(format!(
            "webhooks.origins: {wrong}: expected wecom, dingtalk or feishu, a space, and an address such as https://robots.example.edu.cn"
        ))
    }
}
