use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, Limits, Rgb, RgbImage,
    codecs::{
        jpeg::{JpegDecoder, JpegEncoder},
        png::PngDecoder,
        webp::WebPDecoder,
    },
    metadata::Orientation,
};

use super::{Flaw, Kind, jpeg, webp};

/// The longest side of what is kept, in pixels.
const LONGEST_SIDE: u32 = 1_600;
/// The longest side of what is read: decoders hold some rows beside the picture.
const LONGEST_SIDE_READ: u32 = 12_000;
/// What decoding may need beside the body itself and a copy of it: 40 of the 64 MiB of one picture.
const MOST_MEMORY: u64 = 40 * 1024 * 1024;
/// What a PNG's profile and other extras may be unpacked to.
const MOST_EXTRAS: u64 = 8 * 1024 * 1024;
/// Out of a hundred: scales and labels stay readable.
const QUALITY: u8 = 85;

/// A photograph of ours.
pub(crate) struct Developed {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) jpeg: Vec<u8>,
}

/// Decodes, turns upright, scales down, and encodes anew: of what was sent, only the sight of it is left.
pub(crate) fn develop(kind: Kind, raw: Vec<u8>) -> Result<Developed, Flaw> {
    let (picture, orientation) = match kind {
        Kind::Jpeg => read_jpeg(raw)?,
        Kind::Png => read_png(raw)?,
        Kind::Webp => read_webp(raw)?,
    };
    // Turned when it is small already: a turned copy of all pixels would be as large again.
    let mut small = fitted(picture);
    small.apply_orientation(orientation);
    let flat = on_white(small);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&flat).map_err(flaw)?;
    Ok(Developed { width: flat.width(), height: flat.height(), jpeg })
}

type Decoded = Result<(DynamicImage, Orientation), Flaw>;

fn read_jpeg(raw: Vec<u8>) -> Decoded {
    let anatomy = jpeg::anatomy(&raw).ok_or(Flaw::Unreadable)?;
    check_size(anatomy.width, anatomy.height, anatomy.memory())?;
    decoded(JpegDecoder::new(Cursor::new(raw)).map_err(flaw)?)
}

fn read_png(raw: Vec<u8>) -> Decoded {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_EXTRAS);
    let decoder = PngDecoder::with_limits(Cursor::new(raw), limits).map_err(flaw)?;
    if decoder.is_apng().map_err(flaw)? {
        return Err(Flaw::UnsupportedForm);
    }
    let (width, height) = decoder.dimensions();
    check_size(width, height, decoder.total_bytes())?;
    decoded(decoder)
}

fn read_webp(raw: Vec<u8>) -> Decoded {
    let anatomy = webp::anatomy(&raw)?;
    check_size(anatomy.width, anatomy.height, anatomy.memory())?;
    let decoder = WebPDecoder::new(Cursor::new(raw)).map_err(flaw)?;
    if decoder.dimensions() != (anatomy.width, anatomy.height) {
        return Err(Flaw::Unreadable);
    }
    decoded(decoder)
}

fn check_size(width: u32, height: u32, memory: u64) -> Result<(), Flaw> {
    if width == 0 || height == 0 {
        return Err(Flaw::Unreadable);
    }
    let fits = width.max(height) <= LONGEST_SIDE_READ && memory <= MOST_MEMORY;
    if fits { Ok(()) } else { Err(Flaw::TooManyPixels) }
}

fn decoded<D: ImageDecoder>(mut decoder: D) -> Decoded {
    // Metadata that cannot be read turns nothing.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(flaw)?, orientation))
}

fn fitted(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= LONGEST_SIDE {
        picture
    } else {
        picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE)
    }
}

/// What is transparent shows the paper, not the colours that somebody left below.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let layer = picture.into_rgba8();
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u16::from(colour), u16::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let mut flat = RgbImage::new(layer.width(), layer.height());
    for (below, above) in flat.pixels_mut().zip(layer.pixels()) {
        let [red, green, blue, alpha] = above.0;
        *below = Rgb([red, green, blue].map(|colour| blend(colour, alpha)));
    }
    flat
}

fn flaw(error: ImageError) -> Flaw {
    match error {
        ImageError::Limits(_) => Flaw::TooManyPixels,
        _ => Flaw::Unreadable,
    }
}

#[cfg(test)]
mod tests;
