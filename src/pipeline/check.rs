//! Everything that a build does but write.

use std::sync::Arc;

use super::loaded::Loaded;
use super::pages;
use super::renderer::renderer;
use crate::world::World;

/// Does everything that [`super::build()`] does but write: every page is rendered.
pub fn check(world: &dyn World, loaded: &mut Loaded) {
    let wrong = match renderer(loaded, &Arc::default()) {
        Ok((renderer, _)) => pages::errors(world, loaded, &renderer),
        Err(wrong) => wrong,
    };
    loaded.report(wrong);
}
