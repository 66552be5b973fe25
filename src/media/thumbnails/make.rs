//! How copies are made of a picture.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, Limits};
use serde::{Deserialize, Serialize};

use super::container;
use crate::hash::Hash;
use crate::media::{Probe, frame, media_type};

/// Widths of the copies in pixels: a phone, a column of text or a phone of twice the density, a wide screen.
const WIDTHS: [u32; 3] = [480, 960, 1600];
/// Raised whenever the same picture would give other bytes: another width, quality, filter, or another encoder.
pub const REVISION: u32 = 1;
/// Of 100. Above it files grow faster than anybody sees.
const QUALITY: f32 = 80.0;
/// Larger pictures get no copies: a few kilobytes can claim to be a picture that fills all memory.
const MOST_PIXELS: u64 = 50_000_000;
/// Of memory, for what a decoder holds besides the pixels it gives.
const MOST_MEMORY: u64 = 1 << 30;
/// The format's limit for either side.
const MOST_HEIGHT: u64 = 16_383;

/// A smaller copy of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// Pixels.
    pub width: u32,
    /// A WebP file.
    pub bytes: Vec<u8>,
}

/// Which copies a picture has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renditions {
    /// Hash of the picture's bytes.
    pub source: Hash,
    /// In pixels, ascending.
    pub widths: Vec<u32>,
}

/// The pixels of a picture that may have copies. Returns `None` for other files.
pub fn pixels(path: &str, probe: &Probe) -> Option<u64> {
    let is_raster = matches!(media_type(path), Some("image/png" | "image/jpeg" | "image/webp"));
    let (width, height) = probe.dimensions.filter(|_| is_raster)?;
    let pixels = u64::from(width) * u64::from(height);
    (width > WIDTHS[0] && pixels <= MOST_PIXELS).then_some(pixels)
}

/// Makes the copies of a picture: those that are narrower than it and of fewer bytes. There are none of what is no
/// picture, moves, or has colours that a copy would not keep.
pub fn make(bytes: &[u8]) -> Vec<Thumbnail> {
    let Some(picture) = decode(bytes) else {
        return Vec::new();
    };
    let copies = WIDTHS
        .into_iter()
        .filter(|width| *width < picture.width)
        .filter_map(|width| {
            Some(Thumbnail {
                width,
                bytes: picture.thumbnail(width)?,
            })
        });
    copies.filter(|copy| copy.bytes.len() < bytes.len()).collect()
}

/// The picture that stands for a video before it plays, as its only copy. Returns `None` if no frame of
/// it can be taken.
pub fn poster(path: &str, bytes: &[u8]) -> Option<Thumbnail> {
    let picture = decode(&frame::of_video(path, bytes)?)?;
    let width = picture.width.min(WIDTHS[1]);
    Some(Thumbnail {
        width,
        bytes: picture.thumbnail(width)?,
    })
}

/// How a JPEG file is to be turned, as its camera noted; such a picture's width may be its height.
pub(in crate::media) fn is_turned(bytes: &[u8]) -> bool {
    let orientation = JpegDecoder::new(Cursor::new(bytes)).and_then(|mut decoder| decoder.orientation());
    matches!(
        orientation,
        Ok(Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH)
    )
}

/// A decoded picture, upright.
struct Picture {
    width: u32,
    height: u32,
    pixel_type: PixelType,
    pixels: Vec<u8>,
    /// The ICC profile that says what the numbers mean.
    profile: Option<Vec<u8>>,
}

fn decode(bytes: &[u8]) -> Option<Picture> {
    let reader = Cursor::new(bytes);
    match image::guess_format(bytes).ok()? {
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(reader, limits()).ok()?;
            let moves = decoder.is_apng().ok()?;
            (!moves).then(|| read(decoder))?
        }
        ImageFormat::Jpeg => read(JpegDecoder::new(reader).ok()?),
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(reader).ok()?;
            (!decoder.has_animation()).then(|| read(decoder))?
        }
        _ => None,
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn read(mut decoder: impl ImageDecoder) -> Option<Picture> {
    decoder.set_limits(limits()).ok()?;
    let (width, height) = decoder.dimensions();
    let is_small = u64::from(width) * u64::from(height) <= MOST_PIXELS;
    if !is_small || decoder.original_color_type() == ExtendedColorType::Cmyk8 {
        return None;
    }
    let profile = decoder.icc_profile().ok()?;
    // Bytes 16 to 19 of a profile name its colour space (ICC.1:2022, 7.2): copies are RGB.
    if profile
        .as_ref()
        .is_some_and(|profile| profile.get(16..20) != Some(b"RGB "))
    {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    let (pixel_type, pixels) = if image.color().has_alpha() {
        (PixelType::U8x4, image.into_rgba8().into_raw())
    } else {
        (PixelType::U8x3, image.into_rgb8().into_raw())
    };
    Some(Picture {
        width,
        height,
        pixel_type,
        pixels,
        profile,
    })
}

impl Picture {
    /// A WebP file of the given width, which is at most the picture's.
    fn thumbnail(&self, width: u32) -> Option<Vec<u8>> {
        let height = u64::from(self.height) * u64::from(width);
        let height = (height + u64::from(self.width) / 2) / u64::from(self.width);
        let height = u32::try_from(height.max(1))
            .ok()
            .filter(|height| u64::from(*height) <= MOST_HEIGHT)?;
        let source = ImageRef::new(self.width, self.height, &self.pixels, self.pixel_type).ok()?;
        let mut small = Image::new(width, height, self.pixel_type);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new().resize(&source, &mut small, &options).ok()?;
        let encoder = match self.pixel_type {
            PixelType::U8x4 => webp::Encoder::from_rgba(small.buffer(), width, height),
            _ => webp::Encoder::from_rgb(small.buffer(), width, height),
        };
        let encoded = encoder.encode_simple(false, QUALITY).ok()?;
        match &self.profile {
            Some(profile) => container::with_profile(&encoded, (width, height), profile),
            None => Some(encoded.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests;
