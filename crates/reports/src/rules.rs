use std::{collections::HashSet, time::Duration};

use catalog::Catalog;
use http_kit::Fields;
use primitives::{Invalid, Timestamp};

use crate::{Address, Item, PickupWindow, command::NewItem, window::RawWindow};

const MOST_ITEMS: usize = 20;
const MOST_WINDOWS: usize = 5;
const LONGEST_NOTE: usize = 500;
const LONGEST_PART: usize = 100;
const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
/// Phones' clocks run ahead a little.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5 * MINUTE);
/// A phone may be without signal for this long.
const OLDEST_COMMAND: Duration = Duration::from_secs(30 * DAY);
const FARTHEST_WINDOW: Duration = Duration::from_secs(14 * DAY);
/// After the last chance to fetch it, a report stays open this long.
const PATIENCE: Duration = Duration::from_secs(3 * DAY);

/// The moment a phone claims for a command: now unless stated, not in the future, not older than 30 days.
pub fn claimed_moment(claimed: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, Invalid> {
    let moment = claimed.unwrap_or(now);
    if moment > now.plus(CLOCKS_DIFFER) {
        Err(Invalid("occurred_at_in_future"))
    } else if moment < now.minus(OLDEST_COMMAND) {
        Err(Invalid("occurred_at_too_old"))
    } else {
        Ok(moment)
    }
}

/// Text from people: not too long, and nothing that a database or a terminal would choke on.
pub fn clean_text(text: &str, most: usize) -> Result<(), Invalid> {
    if text.chars().count() > most {
        return Err(Invalid("text_too_long"));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return Err(Invalid("text_has_control_characters"));
    }
    Ok(())
}

/// A reason somebody must give: clean, short, and not blank.
pub fn stated_reason(text: &str) -> Result<(), Invalid> {
    if text.trim().is_empty() { Err(Invalid("reason_missing")) } else { clean_text(text, 200) }
}

/// When a report that became open at `opened_at` expires.
pub(crate) fn expiry(windows: &[PickupWindow], opened_at: Timestamp) -> Timestamp {
    windows.iter().map(PickupWindow::until).fold(opened_at, Timestamp::max).plus(PATIENCE)
}

/// 1 – 20 materials, none twice, each in its own unit and of a sane size.
pub(crate) fn judge_items(items: &[NewItem], catalog: &Catalog, fields: &mut Fields) -> Vec<Item> {
    if items.is_empty() {
        fields.refuse("/items", "items_empty");
    }
    if items.len() > MOST_ITEMS {
        fields.refuse("/items", "items_too_many");
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut judged = Vec::with_capacity(items.len());
    for (position, item) in items.iter().enumerate() {
        let at = |member: &str| format!("/items/{position}{member}");
        if !seen.insert(&item.material) {
            fields.refuse(at("/material"), "material_doubled");
        }
        let note = item.note.as_deref().unwrap_or_default();
        fields.check(at("/note"), clean_text(note, LONGEST_PART));
        match Item::estimate(catalog, &item.material, item.quantity) {
            Ok(estimate) => judged.push(Item { note: item.note.clone(), ..estimate }),
            Err(Invalid(code)) if code.starts_with("material") => {
                fields.refuse(at("/material"), code);
            }
            Err(Invalid(code)) => fields.refuse(at(""), code),
        }
    }
    judged
}

/// At most five windows, each forward, none over when the household wrote it, none beyond two weeks.
///
/// Judged by the moment of writing: a report that waited on a phone for a signal is late, not wrong.
pub(crate) fn judge_windows(
    windows: &[RawWindow],
    written_at: Timestamp,
    fields: &mut Fields,
) -> Vec<PickupWindow> {
    if windows.len() > MOST_WINDOWS {
        fields.refuse("/pickup_windows", "windows_too_many");
        return Vec::new();
    }
    let judge = |window: &RawWindow| {
        let window = PickupWindow::parse(window.from, window.until)?;
        if window.until() <= written_at {
            Err(Invalid("window_over"))
        } else if window.until() > written_at.plus(FARTHEST_WINDOW) {
            Err(Invalid("window_too_far"))
        } else {
            Ok(window)
        }
    };
    let at = |position| format!("/pickup_windows/{position}/until");
    let judged = windows.iter().enumerate();
    judged.filter_map(|(position, window)| fields.check(at(position), judge(window))).collect()
}

/// Parts of an address: short, clean, RT and RW as one to three digits.
pub(crate) fn judge_address(address: &Address, fields: &mut Fields) {
    let Address { street, rt, rw, dusun, landmark } = address;
    for (name, part) in [("street", street), ("dusun", dusun), ("landmark", landmark)] {
        let text = part.as_deref().unwrap_or_default();
        fields.check(format!("/address/{name}"), clean_text(text, LONGEST_PART));
    }
    for (name, part) in [("rt", rt), ("rw", rw)] {
        if part.as_deref().is_some_and(|digits| !is_neighbourhood_number(digits)) {
            fields.refuse(format!("/address/{name}"), "neighbourhood_number_malformed");
        }
    }
}

/// A note of at most 500 letters.
pub(crate) fn judge_note(note: Option<&str>, fields: &mut Fields) {
    fields.check("/note", clean_text(note.unwrap_or_default(), LONGEST_NOTE));
}

fn is_neighbourhood_number(digits: &str) -> bool {
    (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u64) -> Timestamp {
        Timestamp::from_micros(1_772_000_000_000_000).plus(Duration::from_secs(number * DAY))
    }

    fn codes(windows: &[RawWindow]) -> Vec<&'static str> {
        let mut fields = Fields::default();
        judge_windows(windows, day(0), &mut fields);
        fields.into_problems().into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn windows_are_forward_ahead_and_soon() {
        let window = |from, until| RawWindow { from: day(from), until: day(until) };
        assert_eq!(codes(&[window(1, 2), window(13, 14)]), Vec::<&str>::new());
        assert_eq!(codes(&[window(2, 2)]), ["window_backwards"]);
        assert_eq!(codes(&[window(13, 15)]), ["window_too_far"]);
        assert_eq!(codes(&[window(1, 2); 6]), ["windows_too_many"]);
        let past = RawWindow { from: day(0).minus(Duration::from_secs(DAY)), until: day(0) };
        assert_eq!(codes(&[past]), ["window_over"]);
    }

    #[test]
    fn the_phones_clock_may_be_a_little_ahead_and_a_month_behind() {
        let now = day(40);
        assert_eq!(claimed_moment(None, now), Ok(now));
        assert_eq!(claimed_moment(Some(now.plus(CLOCKS_DIFFER)), now), Ok(now.plus(CLOCKS_DIFFER)));
        assert_eq!(claimed_moment(Some(day(41)), now), Err(Invalid("occurred_at_in_future")));
        assert_eq!(claimed_moment(Some(day(10)), now), Ok(day(10)));
        assert_eq!(claimed_moment(Some(day(9)), now), Err(Invalid("occurred_at_too_old")));
    }

    #[test]
    fn texts_are_counted_in_letters_and_hold_no_control_characters() {
        assert_eq!(clean_text("rumah hijau\ndekat masjid", 500), Ok(()));
        assert_eq!(clean_text(&"é".repeat(500), 500), Ok(()));
        assert_eq!(clean_text(&"é".repeat(501), 500), Err(Invalid("text_too_long")));
        assert_eq!(clean_text("a\0b", 500), Err(Invalid("text_has_control_characters")));
        assert_eq!(stated_reason("  "), Err(Invalid("reason_missing")));
    }

    #[test]
    fn rt_and_rw_are_digits() {
        let mut fields = Fields::default();
        let address = Address {
            rt: Some("007".to_owned()),
            rw: Some("VII".to_owned()),
            ..Address::default()
        };
        judge_address(&address, &mut fields);
        let problems = fields.into_problems().into_iter();
        let pointers: Vec<String> = problems.map(|problem| problem.pointer).collect();
        assert_eq!(pointers, ["/address/rw"]);
    }

    #[test]
    fn a_report_expires_three_days_after_the_last_chance() {
        let window = PickupWindow::parse(day(4), day(5)).unwrap();
        assert_eq!(expiry(&[window], day(0)), day(8));
        assert_eq!(expiry(&[window], day(6)), day(9));
        assert_eq!(expiry(&[], day(0)), day(3));
    }
}
