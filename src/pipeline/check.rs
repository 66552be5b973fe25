//! Everything that a build does but write.

use std::sync::Arc;

use super::loaded::Loaded;
use super::pages;
use super::renderer::renderer;
use crate::progress::Progress;
use crate::world::World;

/// Does everything that [`super::build()`] does but write: every page is rendered.
pub fn check(world: &dyn World, loaded: &mut Loaded) {
    check_watched(world, loaded, None);
}

/// As [`check`], and says how far it has come.
pub fn check_watched(world: &dyn World, loaded: &mut Loaded, progress: Option<&Progress>) {
    let wrong = match renderer(loaded, &Arc::default()) {
        Ok((renderer, _)) => pages::errors(world, loaded, &renderer, progress),
        Err(wrong) => wrong,
    };
    loaded.report(wrong);
}
