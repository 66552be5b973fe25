#![allow(clippy::unwrap_used)]

use image::{ColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};

use super::*;
use crate::media::Probe;

/// A picture with structure that no format stores in a few bytes.
fn noise(width: u32, height: u32, channels: u32) -> Vec<u8> {
    let mut state = 7_u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..width * height * channels).map(|_| next()).collect()
}

fn png(width: u32, height: u32, color: ColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = noise(width, height, u32::from(color.bytes_per_pixel()));
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(&pixels, width, height, color.into()).unwrap();
    bytes
}

fn jpeg(width: u32, height: u32, quality: u8, change: impl Fn(&mut JpegEncoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    change(&mut encoder);
    let pixels = noise(width, height, 3);
    encoder
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// Exif data that holds nothing but an orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif
}

fn sizes(thumbnails: &[Thumbnail]) -> Vec<(u32, u32)> {
    let sizes = thumbnails.iter().map(|thumbnail| {
        let size = imagesize::blob_size(&thumbnail.bytes).unwrap();
        assert_eq!(size.width, thumbnail.width as usize);
        (size.width as u32, size.height as u32)
    });
    sizes.collect()
}

#[test]
fn only_smaller_sizes_are_made() {
    let cases: [(_, &[_]); 7] = [
        (png(480, 90, ColorType::Rgb8), &[]),
        (png(481, 90, ColorType::Rgb8), &[(480, 90)]),
        (png(1000, 50, ColorType::Rgba8), &[(480, 24), (960, 48)]),
        (png(700, 20, ColorType::L16), &[(480, 14)]),
        (jpeg(1700, 17, 95, |_| {}), &[(480, 5), (960, 10), (1600, 16)]),
        // The format has no picture that tall.
        (png(500, 20_000, ColorType::L8), &[]),
        (b"\x89PNG\r\n\x1a\n".to_vec(), &[]),
    ];
    for (position, (bytes, expected)) in cases.into_iter().enumerate() {
        assert_eq!(sizes(&make(&bytes)), expected, "{position}");
    }
}

#[test]
fn a_copy_of_more_bytes_than_the_picture_is_not_kept() {
    let bytes = jpeg(600, 400, 3, |_| {});
    assert_eq!(make(&bytes), Vec::new());
}

#[test]
fn two_encodings_are_equal_and_do_not_change_with_the_encoder_unseen() {
    let bytes = jpeg(600, 400, 95, |_| {});
    let thumbnails = make(&bytes);
    assert_eq!(make(&bytes), thumbnails);
    // Other instruction sets may round in other ways; one is enough to see that a new encoder gives other bytes.
    if cfg!(target_arch = "x86_64") {
        let hash = blake3::hash(&thumbnails[0].bytes).to_hex();
        assert_eq!(
            &hash[..16],
            "27ef0e29db2cc850",
            "raise REVISION, then write the new hash here"
        );
    }
}

#[test]
fn a_bomb_is_refused() {
    let mut bomb = png(490, 10, ColorType::Rgb8);
    for (place, side) in [(16, 60_000_u32), (20, 60_000)] {
        bomb[place..place + 4].copy_from_slice(&side.to_be_bytes());
    }
    // The checksum of the header is that of the new sizes, so that nothing but the limit refuses it.
    let checksum = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(imagesize::blob_size(&bomb).unwrap().width, 60_000);
    assert_eq!(make(&bomb), Vec::new());
    let probe = |width, height| Probe {
        dimensions: Some((width, height)),
        ..Probe::default()
    };
    let cases = [
        ("a.png", (60_000, 60_000), None),
        ("a.png", (u32::MAX, u32::MAX), None),
        ("a.png", (10_000, 5_000), Some(50_000_000)),
        ("a.JPG", (481, 2), Some(962)),
        ("a.webp", (480, 480), None),
        ("a.gif", (900, 900), None),
        ("a.avif", (900, 900), None),
        ("a.svg", (900, 900), None),
    ];
    for (path, (width, height), expected) in cases {
        assert_eq!(pixels(path, &probe(width, height)), expected, "{path} {width}");
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[test]
fn photographs_stand_upright() {
    let turned = jpeg(800, 1200, 95, |encoder| {
        encoder.set_exif_metadata(exif(6)).unwrap();
    });
    assert!(is_turned(&turned));
    assert_eq!(sizes(&make(&turned)), [(480, 320), (960, 640)]);
    let upright = jpeg(800, 1200, 95, |encoder| {
        encoder.set_exif_metadata(exif(3)).unwrap();
    });
    assert!(!is_turned(&upright));
    assert_eq!(sizes(&make(&upright)), [(480, 720)]);
}

#[test]
fn a_colour_profile_is_kept_and_one_of_another_space_refused() {
    for (space, expected) in [(b"RGB ", true), (b"CMYK", false)] {
        let mut profile = vec![b'p'; 151];
        profile[16..20].copy_from_slice(space);
        let photo = jpeg(700, 300, 95, |encoder| {
            encoder.set_icc_profile(profile.clone()).unwrap();
        });
        let thumbnails = make(&photo);
        assert_eq!(thumbnails.len(), usize::from(expected));
        for thumbnail in thumbnails {
            let mut decoder = WebPDecoder::new(Cursor::new(&thumbnail.bytes)).unwrap();
            assert_eq!(decoder.icc_profile().unwrap(), Some(profile.clone()));
            assert_eq!(decoder.dimensions(), (480, 206));
            DynamicImage::from_decoder(decoder).unwrap();
        }
    }
}

#[test]
fn transparency_is_kept_beside_a_profile() {
    let mut profile = vec![b'p'; 150];
    profile[16..20].copy_from_slice(b"RGB ");
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(profile).unwrap();
    let pixels = noise(700, 60, 4);
    encoder
        .write_image(&pixels, 700, 60, ExtendedColorType::Rgba8)
        .unwrap();
    let thumbnails = make(&bytes);
    let decoder = WebPDecoder::new(Cursor::new(&thumbnails[0].bytes)).unwrap();
    assert!(decoder.color_type().has_alpha());
    DynamicImage::from_decoder(decoder).unwrap();
}
