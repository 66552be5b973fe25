//! Pictures that browsers do not show, as such that they do.

use crate::media::convert::{self, convert};
use crate::world::World;

/// A picture of the source as PNG or JPEG, with the name that it then has. Returns `None` if it is no picture that can be
/// converted, damaged or too large.
pub(super) fn read_converted(world: &dyn World, file: &str) -> Option<(String, Vec<u8>)> {
    let stamp = world.stamp(file)?;
    if stamp.size > convert::LARGEST {
        return None;
    }
    convert(file, &world.read(file).ok()?)?.ok()
}
