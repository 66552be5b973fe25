//! Which fields of a kind authors are asked for.

use jixia::content::Field;

use crate::domain::merge::Fields;

/// Fields that the server or a step sets, or that the form shows in its own way.
const NOT_ASKED: &[&str] = &[
    "unit",
    "signed_off_by",
    "draft",
    "aliases",
    "withdrawn",
    "recommended",
    "weight",
    "updated",
    "attachments",
];
/// Of those, the ones that whoever edits an entry is asked for where it has them: nobody could mend them otherwise.
const ASKED_IF_PUBLISHED: &[&str] = &["draft", "aliases", "weight", "updated"];
/// Whether authors are asked for a field; `base` is what their edit began with.
pub(crate) fn is_asked(field: &Field, base: &Fields) -> bool {
    let name = field.name.as_str();
    !NOT_ASKED.contains(&name) || ASKED_IF_PUBLISHED.contains(&name) && base.contains_key(name)
}
