//! The page of one entry, for whoever decides whether it is to be published. Nothing is written.

use std::sync::Arc;

use super::{Loaded, write};
use crate::diag::Diagnostic;
use crate::pages::Page;
use crate::world::World;

/// Renders the page of the entry in the file `path` as the portal would show it. Nothing when no entry was read from
/// that file.
///
/// # Errors
/// What is wrong with the theme's templates.
pub fn entry_page(
    world: &dyn World,
    loaded: &Loaded,
    path: &str,
) -> Result<Option<Vec<u8>>, Vec<Diagnostic>> {
    let Some(ix) = loaded.catalog.at(path) else {
        return Ok(None);
    };
    let (renderer, _) = write::renderer(loaded)?;
    let view = loaded.planner().view(&Page::Detail(ix));
    let body = || write::read_body(world, loaded.catalog.entry(ix)).map(Arc::from);
    let page = renderer.render(&view, &body);
    page.map(Some).map_err(|wrong| vec![wrong])
}
