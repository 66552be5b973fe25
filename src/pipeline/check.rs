//! Everything that a build does but write.

use super::loaded::Loaded;
use super::renderer::renderer;
use super::{pages, unique};
use crate::pages::plan;
use crate::world::World;

/// Does everything that [`super::build()`] does but write: addresses are checked, and every page is rendered.
pub fn check(world: &dyn World, loaded: &mut Loaded) {
    let (planned, mut wrong) = unique::unique(loaded, plan(loaded.planner()));
    wrong.extend(match renderer(loaded) {
        Ok((renderer, _)) => pages::errors(world, loaded, &renderer, &planned),
        Err(wrong) => wrong,
    });
    loaded.report(wrong);
}
