//! `cargo xtask screenshots`: pictures of the main pages for the documentation, in three widths, light and
//! dark.

use crate::browser;
use crate::process;
use crate::result::Result;
use crate::workspace::{Profile, Workspace};

/// Writes docs/screenshots/NAME-WIDTH-SCHEME.webp, and home.webp for the README.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let jixia = workspace.build_jixia(Profile::Tested)?;
    let mut script = browser::npm_script(workspace, &jixia, "screenshots")?;
    process::run(script.env("SCREENSHOTS", workspace.root().join("docs/screenshots")))
}
