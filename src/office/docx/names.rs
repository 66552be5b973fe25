//! Names of pictures in the body of a document.

/// A body whose pictures have other names: `name` gives what is written for one, in the place of `folder` and its name.
pub fn renamed(body: &str, folder: &str, name: impl Fn(&str) -> String) -> String {
    let mut pieces = body.split(folder);
    let mut made = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find([')', '"']).unwrap_or(piece.len());
        let is_picture = made.ends_with("](") || made.ends_with("src=\"");
        match is_picture {
            true => made.push_str(&name(&piece[..end])),
            false => made.extend([folder, &piece[..end]]),
        }
        made.push_str(&piece[end..]);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_renamed() {
        let cases = [
            ("![a](docx/image1.png)文", "![a](IMAGE1.PNG)文"),
            (
                "<img src=\"docx/image1.png\" alt=\"\">",
                "<img src=\"IMAGE1.PNG\" alt=\"\">",
            ),
            ("另存为 docx/image1.png)", "另存为 docx/image1.png)"),
            ("[a](docx/", "[a]("),
        ];
        for (body, expected) in cases {
            assert_eq!(renamed(body, "docx/", str::to_uppercase), expected, "{body}");
        }
    }
}
