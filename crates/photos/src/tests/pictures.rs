//! Pictures as cameras and mischief-makers send them.

use image::{
    ExtendedColorType, ImageEncoder as _, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
};

/// What must be found nowhere afterwards.
pub(crate) const SECRET: &[u8] = b"GPS 3.5541N 98.8812E Jalan Mawar 7";

/// Red on the left, blue on the right.
pub(crate) fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x * 2 < width { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) }
    })
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut made = Vec::new();
    JpegEncoder::new_with_quality(&mut made, 90).encode_image(&scene(width, height)).unwrap();
    made
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut made = Vec::new();
    let pixels = scene(width, height);
    let encoder = PngEncoder::new(&mut made);
    encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8).unwrap();
    made
}

/// One pixel, lossy.
pub(crate) fn webp() -> Vec<u8> {
    let text = b"UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
    data_encoding::BASE64.decode(text).unwrap()
}

/// The same JPEG as a phone writes it: lying on its side, with the place, and with something behind its end.
pub(crate) fn jpeg_of_a_phone(plain: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(SECRET);
    let (start, rest) = plain.split_at(2);
    [start, &segment(0xE1, &exif), &segment(0xFE, SECRET), rest, b"PK\x03\x04", SECRET].concat()
}

fn segment(code: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, code], &length[..], contents].concat()
}

/// The same PNG with a text inside and something behind its end.
pub(crate) fn png_with_words(plain: &[u8]) -> Vec<u8> {
    let header = 8 + 25;
    let contents = [b"tEXtComment\0", SECRET].concat();
    let length = u32::try_from(contents.len() - 4).unwrap().to_be_bytes();
    let check = crc(&contents).to_be_bytes();
    let (start, rest) = plain.split_at(header);
    [start, &length[..], &contents, &check[..], rest, SECRET].concat()
}

/// The same PNG, announced as the first frame of an animation.
pub(crate) fn animated_png(plain: &[u8]) -> Vec<u8> {
    let contents = b"acTL\0\0\0\x02\0\0\0\0";
    let (start, rest) = plain.split_at(8 + 25);
    [start, &8u32.to_be_bytes()[..], contents, &crc(contents).to_be_bytes()[..], rest].concat()
}

/// A PNG that claims to be as large as this, with the right checksum, in a few bytes.
pub(crate) fn boastful_png(width: u32, height: u32) -> Vec<u8> {
    let mut raw = png(8, 8);
    raw.splice(16..24, [width.to_be_bytes(), height.to_be_bytes()].concat());
    let check = crc(&raw[12..29]).to_be_bytes();
    raw.splice(29..33, check);
    raw
}

/// The same WebP with a chunk of metadata inside and something behind its end.
pub(crate) fn webp_with_words(plain: &[u8]) -> Vec<u8> {
    let length = u32::try_from(SECRET.len()).unwrap().to_le_bytes();
    let chunks = [&plain[8..], b"EXIF", &length[..], SECRET].concat();
    let size = u32::try_from(chunks.len()).unwrap().to_le_bytes();
    [b"RIFF", &size[..], &chunks, SECRET].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

pub(crate) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
