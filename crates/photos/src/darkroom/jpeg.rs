//! A JPEG's markers, read before anything is decoded: what it will need, and whether it is all there.

const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
/// The three ways of coding that cameras use: baseline, extended and progressive.
const FRAMES: [u8; 3] = [0xC0, 0xC1, 0xC2];
const PROGRESSIVE: u8 = 0xC2;
/// Lossless, hierarchical and arithmetic ways of coding, which nobody uses.
const STRANGE_FRAMES: [u8; 10] = [0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF];
/// Every scan passes over all pixels once.
const MOST_SCANS: usize = 100;

/// What the markers say.
pub(super) struct Anatomy {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Horizontal and vertical sampling of each component.
    sampling: Vec<(u64, u64)>,
    /// The coefficients of all pixels are kept until the last scan.
    buffered: bool,
    /// The first scan has all components.
    interleaved: bool,
}

impl Anatomy {
    /// How many bytes the decoder will allocate at most, beside its input.
    pub(super) fn memory(&self) -> u64 {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let colours = if self.sampling.len() == 1 { 1 } else { 3 };
        let rows = width * 1_024;
        let padded = width.next_multiple_of(32) * height.next_multiple_of(32);
        let most = |side: fn(&(u64, u64)) -> u64| self.sampling.iter().map(side).max().unwrap_or(1);
        let densest = if self.interleaved { most(|it| it.0) * most(|it| it.1) } else { 1 };
        let samples: u64 = self.sampling.iter().map(|(across, down)| across * down).sum();
        let coefficients = if self.buffered { 2 * padded * samples / densest } else { 0 };
        width * height * colours + rows + coefficients
    }
}

/// Walks from the first marker to the last; none when something is missing or makes no sense.
pub(super) fn anatomy(raw: &[u8]) -> Option<Anatomy> {
    let mut rest = Rest(raw);
    let mut frame: Option<Anatomy> = None;
    let mut scans = 0;
    if rest.marker()? != START {
        return None;
    }
    loop {
        match rest.marker()? {
            END if scans > 0 => return frame,
            code if FRAMES.contains(&code) => {
                let read = read_frame(rest.segment()?, code)?;
                // A second one could be larger than the first.
                if frame.replace(read).is_some() {
                    return None;
                }
            }
            SCAN => {
                let components = usize::from(*rest.segment()?.first()?);
                let frame = frame.as_mut()?;
                let whole = components == frame.sampling.len();
                frame.interleaved = if scans == 0 { whole } else { frame.interleaved };
                frame.buffered |= !whole;
                scans += 1;
                if scans > MOST_SCANS {
                    return None;
                }
                rest.skip_pixels();
            }
            START | END => return None,
            code if STRANGE_FRAMES.contains(&code) => return None,
            // Restarts stand alone; everything else has a length.
            0x01 | 0xD0..=0xD7 => {}
            _ => drop(rest.segment()?),
        }
    }
}

fn read_frame(segment: &[u8], code: u8) -> Option<Anatomy> {
    let (&[precision, h1, h0, w1, w0, components], table) = segment.split_first_chunk()?;
    let (entries, _) = table.as_chunks::<3>();
    let sampling = entries.iter().take(usize::from(components));
    let sampling: Vec<(u64, u64)> =
        sampling.map(|[_, both, _]| (u64::from(both >> 4), u64::from(both & 15))).collect();
    let sane =
        sampling.iter().all(|&(across, down)| (1..=4).contains(&across) && (1..=4).contains(&down));
    let complete = sampling.len() == usize::from(components) && (1..=4).contains(&components);
    (precision == 8 && sane && complete).then_some(Anatomy {
        width: u32::from(u16::from_be_bytes([w1, w0])),
        height: u32::from(u16::from_be_bytes([h1, h0])),
        sampling,
        buffered: code == PROGRESSIVE,
        interleaved: true,
    })
}

/// What has not been looked at yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// The code of the next marker; what stands before it is skipped, as decoders do.
    fn marker(&mut self) -> Option<u8> {
        loop {
            let at = self.0.iter().position(|&byte| byte == 0xFF)?;
            self.take(at + 1)?;
            let padding = self.0.iter().position(|&byte| byte != 0xFF)?;
            self.take(padding)?;
            let &[code] = self.take(1)?.first_chunk()?;
            if code != 0 {
                return Some(code);
            }
        }
    }

    /// The contents of a marker that has a length.
    fn segment(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(*self.take(2)?.first_chunk()?);
        self.take(usize::from(length).checked_sub(2)?)
    }

    /// Stops before the next marker that is neither a restart nor a stuffed byte.
    fn skip_pixels(&mut self) {
        let mut pairs = self.0.windows(2);
        let ends = pairs.position(
            |pair| matches!(pair, [0xFF, code] if !matches!(code, 0x00 | 0xD0..=0xD7 | 0xFF)),
        );
        let length = ends.unwrap_or(self.0.len());
        self.0 = self.0.get(length..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(code: u8, width: u16, height: u16, sampling: &[u8]) -> Vec<u8> {
        let length = u16::try_from(8 + 3 * sampling.len()).unwrap();
        let mut marker = vec![0xFF, code];
        marker.extend(length.to_be_bytes());
        marker.push(8);
        marker.extend(height.to_be_bytes());
        marker.extend(width.to_be_bytes());
        marker.push(u8::try_from(sampling.len()).unwrap());
        for (number, both) in sampling.iter().enumerate() {
            marker.extend([u8::try_from(number).unwrap(), *both, 0]);
        }
        marker
    }

    fn scan(components: u8) -> Vec<u8> {
        vec![0xFF, SCAN, 0, 3, components, 1, 2, 0xFF, 0, 0xFF, 0xD0, 3]
    }

    fn file(parts: &[Vec<u8>]) -> Vec<u8> {
        [vec![0xFF, START], parts.concat(), vec![0xFF, END]].concat()
    }

    #[test]
    fn what_a_camera_writes_needs_three_bytes_for_a_pixel() {
        let raw = file(&[frame(0xC0, 4_000, 3_000, &[0x22, 0x11, 0x11]), scan(3)]);
        let found = anatomy(&raw).unwrap();
        assert_eq!((found.width, found.height), (4_000, 3_000));
        assert_eq!(found.memory(), 4_000 * 3_000 * 3 + 4_000 * 1_024);
        let trailing = [raw, b"PK\x03\x04".to_vec()].concat();
        assert!(anatomy(&trailing).is_some());
    }

    #[test]
    fn progressive_and_planar_ones_keep_all_coefficients() {
        let progressive = file(&[frame(0xC2, 320, 320, &[0x22, 0x11, 0x11]), scan(3), scan(1)]);
        let found = anatomy(&progressive).unwrap().memory();
        assert_eq!(found, 320 * 320 * 3 + 320 * 1_024 + 320 * 320 * 2 * 6 / 4);
        let planar = file(&[frame(0xC0, 320, 320, &[0x44, 0x11, 0x11]), scan(1), scan(1), scan(1)]);
        let found = anatomy(&planar).unwrap().memory();
        assert_eq!(found, 320 * 320 * 3 + 320 * 1_024 + 320 * 320 * 2 * 18);
    }

    #[test]
    fn what_is_cut_off_or_doubled_is_refused() {
        let plain = [frame(0xC0, 64, 64, &[0x11]), scan(1)];
        let raw = file(&plain);
        for length in 0..raw.len() {
            assert!(anatomy(&raw[..length]).is_none(), "{length}");
        }
        let doubled =
            file(&[plain[0].clone(), scan(1), frame(0xC0, 9_000, 9_000, &[0x11]), scan(1)]);
        assert!(anatomy(&doubled).is_none());
        assert!(anatomy(&file(&[frame(0xC3, 64, 64, &[0x11]), scan(1)])).is_none());
        assert!(anatomy(&file(&[frame(0xC0, 64, 64, &[0x51]), scan(1)])).is_none());
        let endless = [vec![plain[0].clone()], vec![scan(1); 102]].concat();
        assert!(anatomy(&file(&endless)).is_none());
    }
}
