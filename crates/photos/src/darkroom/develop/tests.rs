use image::{
    ExtendedColorType, ImageEncoder as _,
    codecs::{jpeg::JpegDecoder, png::PngEncoder, webp::WebPEncoder},
};
use proptest::prelude::*;

use super::*;
use crate::tests::pictures::{
    SECRET, animated_png, boastful_png, holds, jpeg, jpeg_of_a_phone, png, png_with_words, scene,
    webp, webp_with_words,
};

fn seen(developed: &Developed) -> RgbImage {
    let decoder = JpegDecoder::new(Cursor::new(developed.jpeg.clone())).unwrap();
    DynamicImage::from_decoder(decoder).unwrap().into_rgb8()
}

fn is_red(pixel: &Rgb<u8>) -> bool {
    pixel.0[0] > 180 && pixel.0[2] < 80
}

#[test]
fn nothing_but_the_sight_of_it_is_left() {
    let sent = [
        (Kind::Jpeg, jpeg_of_a_phone(&jpeg(40, 20), 1)),
        (Kind::Png, png_with_words(&png(40, 20))),
        (Kind::Webp, webp_with_words(&webp())),
    ];
    for (kind, raw) in sent {
        assert!(holds(&raw, SECRET));
        let Developed { jpeg, .. } = develop(kind, raw).unwrap();
        for trace in [SECRET, b"Exif", b"GPS", b"PK\x03\x04", b"RIFF", b"IHDR"] {
            assert!(!holds(&jpeg, trace), "{kind:?} keeps {trace:?}");
        }
        assert!(jpeg.starts_with(&[0xFF, 0xD8]) && jpeg.ends_with(&[0xFF, 0xD9]), "{kind:?}");
    }
}

#[test]
fn a_picture_that_lies_on_its_side_is_turned_upright() {
    let plain = develop(Kind::Jpeg, jpeg(64, 32)).unwrap();
    assert_eq!((plain.width, plain.height), (64, 32));
    assert!(is_red(seen(&plain).get_pixel(4, 16)) && !is_red(seen(&plain).get_pixel(60, 16)));
    // 6: what the sensor calls left is up.
    let turned = develop(Kind::Jpeg, jpeg_of_a_phone(&jpeg(64, 32), 6)).unwrap();
    assert_eq!((turned.width, turned.height), (32, 64));
    assert!(is_red(seen(&turned).get_pixel(16, 4)) && !is_red(seen(&turned).get_pixel(16, 60)));
}

#[test]
fn large_ones_are_scaled_down_and_small_ones_stay() {
    let large = develop(Kind::Jpeg, jpeg(3_200, 1_000)).unwrap();
    assert_eq!((large.width, large.height), (1_600, 500));
    let flat = develop(Kind::Png, png(5_000, 2)).unwrap();
    assert_eq!((flat.width, flat.height), (1_600, 1));
    let small = develop(Kind::Webp, webp()).unwrap();
    assert_eq!((small.width, small.height), (1, 1));
}

#[test]
fn below_transparency_there_is_paper() {
    let mut raw = Vec::new();
    let pixels = [[9, 9, 9, 0]; 64].concat();
    PngEncoder::new(&mut raw).write_image(&pixels, 8, 8, ExtendedColorType::Rgba8).unwrap();
    let developed = develop(Kind::Png, raw).unwrap();
    assert_eq!(seen(&developed).get_pixel(3, 3), &Rgb([255, 255, 255]));
}

#[test]
fn what_would_need_too_much_memory_is_never_decoded() {
    let wide = boastful_png(11_000, 11_000);
    assert_eq!(develop(Kind::Png, wide).err(), Some(Flaw::TooManyPixels));
    let long = boastful_png(1, 1_000_000);
    assert_eq!(develop(Kind::Png, long).err(), Some(Flaw::TooManyPixels));
    let mut raw = jpeg(40, 20);
    let frame = raw.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    raw.splice(frame + 5..frame + 9, [0x20, 0, 0x20, 0]);
    assert_eq!(develop(Kind::Jpeg, raw).err(), Some(Flaw::TooManyPixels));
    let mut raw = webp();
    raw.splice(26..30, [0xFF, 0x3F, 0xFF, 0x3F]);
    assert_eq!(develop(Kind::Webp, raw).err(), Some(Flaw::TooManyPixels));
}

#[test]
fn other_forms_kinds_and_halves_are_refused() {
    let mut lossless = Vec::new();
    let pixels = scene(8, 8);
    let encoder = WebPEncoder::new_lossless(&mut lossless);
    encoder.write_image(&pixels, 8, 8, ExtendedColorType::Rgb8).unwrap();
    assert_eq!(develop(Kind::Webp, lossless).err(), Some(Flaw::UnsupportedForm));
    let animated = animated_png(&png(8, 8));
    assert_eq!(develop(Kind::Png, animated).err(), Some(Flaw::UnsupportedForm));
    assert_eq!(develop(Kind::Png, jpeg(8, 8)).err(), Some(Flaw::Unreadable));
    assert_eq!(develop(Kind::Jpeg, png(8, 8)).err(), Some(Flaw::Unreadable));
    for (kind, whole) in [(Kind::Jpeg, jpeg(64, 64)), (Kind::Png, png(64, 64))] {
        for length in [0, 1, whole.len() / 2, whole.len() - 40] {
            let cut = whole[..length].to_vec();
            assert_eq!(develop(kind, cut).err(), Some(Flaw::Unreadable), "{kind:?} {length}");
        }
    }
}

fn kinds() -> impl Strategy<Value = (Kind, Vec<u8>)> {
    prop_oneof![
        Just((Kind::Jpeg, jpeg_of_a_phone(&jpeg(24, 16), 3))),
        Just((Kind::Png, png_with_words(&png(24, 16)))),
        Just((Kind::Webp, webp())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn random_bytes_are_refused(kind in 0..3usize, bytes: Vec<u8>) {
        let kind = [Kind::Jpeg, Kind::Png, Kind::Webp][kind];
        prop_assert!(develop(kind, bytes).is_err());
    }

    #[test]
    fn a_damaged_picture_is_refused_or_becomes_a_photograph_of_ours(
        (kind, mut raw) in kinds(),
        damage in proptest::collection::vec((0..10_000usize, any::<u8>()), 1..6),
    ) {
        let length = raw.len();
        for (at, byte) in damage {
            raw[at % length] = byte;
        }
        if let Ok(Developed { width, height, jpeg }) = develop(kind, raw) {
            prop_assert!(width.max(height) <= LONGEST_SIDE && width.min(height) >= 1);
            prop_assert!(!holds(&jpeg, SECRET));
        }
    }
}
