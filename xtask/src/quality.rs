//! `cargo xtask quality`: axe, Lighthouse and the weight of pages, measured on one page of each kind.

use crate::browser;
use crate::process;
use crate::result::Result;
use crate::workspace::{Profile, Workspace};

/// Writes docs/quality.md.
///
/// # Errors
/// When a page falls short of what is to be reached; the document says which.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let jixia = workspace.build_jixia(Profile::Tested)?;
    let mut script = browser::quality_script(workspace, &jixia)?;
    process::run(script.env("QUALITY", workspace.root().join("docs/quality.md")))
}
