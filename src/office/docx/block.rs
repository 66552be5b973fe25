//! Blocks of a document, from which its body is made.

/// A block of the body.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) text: String,
    pub(super) is_item: bool,
    /// What could be the title: a heading of the first level, the style of titles, or a centred line.
    pub(super) can_be_title: bool,
    pub(super) plain: String,
    pub(super) html: String,
}

/// Blocks as a body.
pub(super) fn joined(blocks: &[Block]) -> String {
    let mut body = String::new();
    for (at, block) in blocks.iter().enumerate() {
        let is_list = at > 0 && block.is_item && blocks[at - 1].is_item;
        body.push_str(if at == 0 {
            ""
        } else if is_list {
            "\n"
        } else {
            "\n\n"
        });
        body.push_str(&block.text);
    }
    body
}
