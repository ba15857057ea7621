use std::{panic::resume_unwind, thread};

/// So many are not worth a thread of their own.
const SHARE: usize = 10_000;

/// Makes something of each, in order; on several threads where there are very many.
pub(crate) fn map<T: Sync, R: Send>(things: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let make = &make;
    thread::scope(|scope| {
        let (own, others) = things.split_at(things.len().min(SHARE));
        let others: Vec<_> = others
            .chunks(SHARE)
            .map(|share| scope.spawn(move || share.iter().map(make).collect::<Vec<_>>()))
            .collect();
        let mut made: Vec<R> = own.iter().map(make).collect();
        for share in others {
            made.extend(share.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_there_once_and_in_order() {
        for count in [0, 1, SHARE, SHARE + 1, 3 * SHARE + 7] {
            let things: Vec<usize> = (0..count).collect();
            assert!(map(&things, |thing| thing * 2).into_iter().eq((0..count).map(|it| it * 2)));
        }
    }
}
