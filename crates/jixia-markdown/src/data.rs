//! Pictures that stand in an address: `data:image/png;base64,…`, as editors paste them.

use data_encoding::BASE64;

/// Longest address of such a picture that a page shows, in bytes.
const LONGEST: usize = 512 * 1024;

/// Types of pictures made of pixels, which nothing can run in: the media type, the extension of a file, and what its
/// first bytes are.
const TYPES: [(&str, &str, &[u8]); 6] = [
    ("image/png", "png", b"\x89PNG"),
    ("image/jpeg", "jpg", b"\xFF\xD8\xFF"),
    ("image/jpg", "jpg", b"\xFF\xD8\xFF"),
    ("image/gif", "gif", b"GIF8"),
    ("image/webp", "webp", b"RIFF"),
    ("image/bmp", "bmp", b"BM"),
];

/// A picture in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataPicture<'a> {
    /// Extension that a file of it has, without a dot.
    pub extension: &'static str,
    encoded: &'a str,
}

/// Why an address holds no picture that may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataError {
    /// It begins otherwise.
    NoData,
    /// Something else, or a picture in which scripts can stand.
    OtherType,
    /// Longer than 512 KiB.
    TooLarge,
    /// What follows is not Base64, or no picture of that type.
    Damaged,
}

impl<'a> DataPicture<'a> {
    /// Looks at an address.
    ///
    /// # Errors
    /// When it holds no picture that may be shown.
    pub fn parse(address: &'a str) -> Result<Self, DataError> {
        if address.len() > LONGEST {
            let error = Self::of_any_length(address).err();
            return Err(error.unwrap_or(DataError::TooLarge));
        }
        Self::of_any_length(address)
    }

    /// As [`Self::parse`], however long the address is.
    ///
    /// # Errors
    /// When it holds no picture of a known type.
    pub fn of_any_length(address: &'a str) -> Result<Self, DataError> {
        let address = address.trim();
        let is_data = address
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
        if !is_data {
            return Err(DataError::NoData);
        }
        let (head, encoded) = address[5..].split_once(',').ok_or(DataError::Damaged)?;
        let media_type = head.split(';').next().unwrap_or_default();
        let known = TYPES
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(media_type));
        let (_, extension, first) = known.ok_or(DataError::OtherType)?;
        let is_encoded = encoded
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
        let beginning = encoded
            .get(..8)
            .and_then(|start| BASE64.decode(start.as_bytes()).ok());
        let is_picture = beginning.is_some_and(|bytes| bytes.starts_with(first));
        if !head.ends_with(";base64") || !is_encoded || !is_picture {
            return Err(DataError::Damaged);
        }
        Ok(Self { extension, encoded })
    }

    /// Its bytes. Returns `None` if the end is damaged.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let encoded = self.encoded.trim_end_matches('=');
        data_encoding::BASE64_NOPAD.decode(encoded.as_bytes()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_pixels_are_shown() {
        let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let cases = [
            (format!("data:image/png;base64,{png}"), Ok("png")),
            (format!("DATA:image/PNG;base64,{png}"), Ok("png")),
            ("data:image/jpeg;base64,/9j/4AAQSkZJRg".to_owned(), Ok("jpg")),
            (
                "data:image/svg+xml;base64,PHN2Zz4=".to_owned(),
                Err(DataError::OtherType),
            ),
            ("data:text/html,<script>".to_owned(), Err(DataError::OtherType)),
            (
                "data:image/png;base64,PHN2Zz48L3N2Zz4=".to_owned(),
                Err(DataError::Damaged),
            ),
            ("data:image/png,abc".to_owned(), Err(DataError::Damaged)),
            (
                "data:image/png;base64,iVBORw0KGgo\"x".to_owned(),
                Err(DataError::Damaged),
            ),
            ("a.png".to_owned(), Err(DataError::NoData)),
            (
                format!("data:image/png;base64,{png}{}", "A".repeat(LONGEST)),
                Err(DataError::TooLarge),
            ),
        ];
        for (address, expected) in cases {
            let found = DataPicture::parse(&address).map(|picture| picture.extension);
            assert_eq!(found, expected, "{}", &address[..address.len().min(60)]);
        }
        let address = format!("data:image/png;base64,{png}");
        let picture = DataPicture::parse(&address);
        assert_eq!(
            picture
                .ok()
                .and_then(|picture| picture.bytes())
                .map(|bytes| bytes.len()),
            Some(70)
        );
    }
}
