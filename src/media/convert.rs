//! Pictures of scanners and old programs, which browsers do not show, as such that they do.

use std::io::Cursor;

use super::{Unpublished, unpublished};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageFormat, ImageReader, Limits};

/// Most bytes of a picture that is converted.
pub const LARGEST: u64 = 100_000_000;
/// A few kilobytes can claim to be a picture that fills all memory.
const MOST_PIXELS: u64 = 50_000_000;
/// Of memory, for what a decoder holds.
const MOST_MEMORY: u64 = 1 << 29;
/// A picture without transparent parts that takes more as PNG is a photograph: JPEG keeps it as well in fewer bytes.
const PHOTOGRAPH: usize = 2_000_000;
/// Of 100.
const QUALITY: u8 = 90;

/// Why a picture is not converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unconverted {
    /// It is damaged, or painted in a way that is not read.
    Damaged,
    /// It has too many pixels or bytes.
    Large,
    /// It has more pages than one, and all but the first would be lost.
    Pages,
}

/// The format of a picture that is converted, by its name. Returns `None` for other files.
fn format(name: &str) -> Option<ImageFormat> {
    match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "bmp" => Some(ImageFormat::Bmp),
        "tif" | "tiff" => Some(ImageFormat::Tiff),
        _ => None,
    }
}

/// Whether files of a name are pictures that can be converted.
pub fn is_convertible(name: &str) -> bool {
    unpublished(name) == Some(Unpublished::Scan)
}

/// A picture as PNG or JPEG, with the name that it then has. Returns `None` if it is of a type that is not converted.
///
/// # Errors
/// Why it cannot be done.
pub fn convert(name: &str, bytes: &[u8]) -> Option<Result<(String, Vec<u8>), Unconverted>> {
    let format = format(name)?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let converted = decode(format, bytes).and_then(|picture| written(&picture));
    Some(converted.map(|(extension, bytes)| (format!("{stem}.{extension}"), bytes)))
}

fn decode(format: ImageFormat, bytes: &[u8]) -> Result<DynamicImage, Unconverted> {
    if bytes.len() as u64 > LARGEST {
        return Err(Unconverted::Large);
    }
    if format == ImageFormat::Tiff && has_pages(bytes) {
        return Err(Unconverted::Pages);
    }
    let damaged = |_| Unconverted::Damaged;
    let size = ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = size.into_dimensions().map_err(damaged)?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unconverted::Large);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader.decode().map_err(damaged)
}

fn written(picture: &DynamicImage) -> Result<(&'static str, Vec<u8>), Unconverted> {
    let damaged = |_| Unconverted::Damaged;
    // What has more than eight bits or fractions of light no page shows.
    let picture: DynamicImage = match (picture.color().has_alpha(), picture.color().has_color()) {
        (true, _) => picture.to_rgba8().into(),
        (false, true) => picture.to_rgb8().into(),
        (false, false) => picture.to_luma8().into(),
    };
    let mut png = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .map_err(damaged)?;
    if png.len() <= PHOTOGRAPH || picture.color().has_alpha() {
        return Ok(("png", png));
    }
    let mut jpeg = Vec::new();
    let colour = ExtendedColorType::from(picture.color());
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode(picture.as_bytes(), picture.width(), picture.height(), colour)
        .map_err(damaged)?;
    Ok(if jpeg.len() < png.len() {
        ("jpg", jpeg)
    } else {
        ("png", png)
    })
}

/// Whether a TIFF file has a second page: its first directory names the next.
fn has_pages(bytes: &[u8]) -> bool {
    let is_little = bytes.starts_with(b"II");
    let number = |at: usize, length: usize| -> Option<usize> {
        let digits = bytes.get(at..at.checked_add(length)?)?;
        let add = |sum: usize, digit: &u8| sum << 8 | usize::from(*digit);
        Some(match is_little {
            true => digits.iter().rev().fold(0, add),
            false => digits.iter().fold(0, add),
        })
    };
    let next = || {
        let first = number(4, 4)?;
        let entries = number(first, 2)?;
        number(first.checked_add(2 + 12 * entries)?, 4)
    };
    next().is_some_and(|next| next != 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x as u8, y as u8, (x * 7 + y * 13) as u8])
        });
        let mut bytes = Vec::new();
        DynamicImage::from(picture)
            .write_to(&mut Cursor::new(&mut bytes), format)
            .unwrap();
        bytes
    }

    /// With a second directory behind, which the first one names.
    fn with_two_pages(mut bytes: Vec<u8>) -> Vec<u8> {
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let first = number(4);
        let entries = usize::from(u16::from_le_bytes([bytes[first], bytes[first + 1]]));
        let next = first + 2 + 12 * entries;
        let end = bytes.len() as u32;
        bytes[next..next + 4].copy_from_slice(&end.to_le_bytes());
        bytes.extend([0; 6]);
        bytes
    }

    #[test]
    fn pictures_of_old_programs_become_such_as_browsers_show() {
        for (name, format) in [
            ("一.bmp", ImageFormat::Bmp),
            ("一.TIF", ImageFormat::Tiff),
            ("一.tiff", ImageFormat::Tiff),
        ] {
            let (name, bytes) = convert(name, &picture(format, 30, 20)).unwrap().unwrap();
            assert_eq!(name, "一.png");
            let made = image::load_from_memory_with_format(&bytes, ImageFormat::Png).unwrap();
            assert_eq!((made.width(), made.height()), (30, 20));
            assert_eq!(made.to_rgb8().get_pixel(2, 3).0, [2, 3, 53]);
        }
        assert!(convert("a.png", b"").is_none() && convert("a", b"").is_none());
    }

    #[test]
    fn what_cannot_be_converted_is_told_why() {
        let tiff = picture(ImageFormat::Tiff, 3, 2);
        // The head of a bitmap that claims to be 60,000 pixels wide and high.
        let mut vast = picture(ImageFormat::Bmp, 3, 2);
        vast[18..26].copy_from_slice(&[0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0]);
        let cases: [(&str, Vec<u8>, Unconverted); 5] = [
            ("a.bmp", b"BM".to_vec(), Unconverted::Damaged),
            ("a.tif", tiff[..tiff.len() / 2].to_vec(), Unconverted::Damaged),
            ("a.tif", Vec::new(), Unconverted::Damaged),
            ("a.bmp", vast, Unconverted::Large),
            ("a.tif", with_two_pages(tiff.clone()), Unconverted::Pages),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(convert(name, &bytes).unwrap().unwrap_err(), expected, "{name}");
        }
    }
}
