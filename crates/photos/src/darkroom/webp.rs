//! A WebP's chunks, read before anything is decoded.
//!
//! Lossless and transparent ones are refused: their decoder can be made to build tables of more than a gigabyte, and
//! cameras write neither.

use super::Flaw;

/// What the chunks say.
pub(super) struct Anatomy {
    pub(super) width: u32,
    pub(super) height: u32,
    body: u64,
}

impl Anatomy {
    /// How many bytes the decoder will allocate at most, beside its input: planes, colours, and a copy of the chunk.
    pub(super) fn memory(&self) -> u64 {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let padded = width.next_multiple_of(16) * height.next_multiple_of(16);
        padded * 3 / 2 + width * height * 3 + self.body
    }
}

/// Walks over the chunks and reads the size of the one picture.
pub(super) fn anatomy(raw: &[u8]) -> Result<Anatomy, Flaw> {
    let (head, rest) = raw.split_at_checked(12).ok_or(Flaw::Unreadable)?;
    let (Some((b"RIFF", size)), Some(b"WEBP")) = (head.split_first_chunk(), head.last_chunk())
    else {
        return Err(Flaw::Unreadable);
    };
    let size = length_in(size)?.checked_sub(4).ok_or(Flaw::Unreadable)?;
    let mut rest = rest.get(..size).ok_or(Flaw::Unreadable)?;
    let mut found = None;
    while let Some((name, after)) = rest.split_first_chunk::<4>() {
        let length = length_in(after)?;
        let contents = after.get(4..4 + length).ok_or(Flaw::Unreadable)?;
        match name {
            b"VP8 " if found.is_none() => found = Some(read_frame(contents)?),
            b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" => return Err(Flaw::UnsupportedForm),
            b"VP8 " => return Err(Flaw::Unreadable),
            _ => {}
        }
        // Chunks begin at even places.
        rest = after.get(4 + length + length % 2..).unwrap_or_default();
    }
    found.ok_or(Flaw::Unreadable)
}

fn length_in(bytes: &[u8]) -> Result<usize, Flaw> {
    let length = bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    length.and_then(|length| usize::try_from(length).ok()).ok_or(Flaw::Unreadable)
}

/// Three bytes of tag, three of start code, then both sides with two bits of scaling each.
fn read_frame(contents: &[u8]) -> Result<Anatomy, Flaw> {
    let head = contents.first_chunk::<10>().ok_or(Flaw::Unreadable)?;
    let [_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1] = *head else { return Err(Flaw::Unreadable) };
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    let body = u64::try_from(contents.len()).unwrap_or(u64::MAX);
    Ok(Anatomy { width: side(w0, w1), height: side(h0, h1), body })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], contents: &[u8]) -> Vec<u8> {
        let length = u32::try_from(contents.len()).unwrap().to_le_bytes();
        let padding = vec![0; contents.len() % 2];
        [name.to_vec(), length.to_vec(), contents.to_vec(), padding].concat()
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        let body = [b"WEBP".to_vec(), chunks.concat()].concat();
        chunk(b"RIFF", &body)
    }

    const FRAME: [u8; 11] = [0, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x41, 7];

    #[test]
    fn the_size_stands_in_the_frame() {
        let raw = file(&[chunk(b"VP8X", &[0; 10]), chunk(b"VP8 ", &FRAME), chunk(b"EXIF", b"x")]);
        let found = anatomy(&raw).unwrap();
        assert_eq!((found.width, found.height, found.body), (640, 480, 11));
        assert_eq!(found.memory(), 640 * 480 * 9 / 2 + 11);
        assert!(anatomy(&[raw, b"trailing".to_vec()].concat()).is_ok());
    }

    #[test]
    fn other_forms_and_halves_are_refused() {
        for name in [b"VP8L", b"ALPH", b"ANIM", b"ANMF"] {
            let raw = file(&[chunk(name, b"xx"), chunk(b"VP8 ", &FRAME)]);
            assert_eq!(anatomy(&raw).err(), Some(Flaw::UnsupportedForm));
        }
        let raw = file(&[chunk(b"VP8 ", &FRAME)]);
        for length in 0..raw.len() - 1 {
            assert_eq!(anatomy(&raw[..length]).err(), Some(Flaw::Unreadable), "{length}");
        }
        let doubled = file(&[chunk(b"VP8 ", &FRAME), chunk(b"VP8 ", &FRAME)]);
        assert_eq!(anatomy(&doubled).err(), Some(Flaw::Unreadable));
    }
}
