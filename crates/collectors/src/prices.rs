use std::{fmt::Write as _, iter};

use catalog::MaterialCode;
use primitives::{Invalid, UnitPrice};

use crate::PriceItem;

/// What a list says somebody pays: each material once, in the order of their codes.
///
/// Kept as the line of text that the database keeps, `LGM-BESI:3000 PLA-PET-BENING:2500`. A start reads a hundred
/// thousand of them, and to take each apart into codes of their own would cost more than all the rest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices(String);

impl Prices {
    /// Writes down the lines of a list, whatever order they have.
    pub fn of(items: &[PriceItem]) -> Self {
        let mut items: Vec<&PriceItem> = items.iter().collect();
        items.sort();
        let mut text = String::new();
        for PriceItem { material, price } in items {
            let space = if text.is_empty() { "" } else { " " };
            // Writing to a text never fails.
            let _ = write!(text, "{space}{material}:{}", price.get());
        }
        Self(text)
    }

    /// Accepts at least one line, each with another material, in order.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        let mut before = "";
        for line in lines_of(&text) {
            let (code, _price) = line?;
            MaterialCode::check(code)?;
            if code <= before {
                return Err(Invalid("prices_disordered"));
            }
            before = code;
        }
        Ok(Self(text))
    }

    /// As the database keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is bought.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each material's code and price, in the order of codes.
    pub fn lines(&self) -> impl Iterator<Item = (&str, UnitPrice)> {
        // Whatever could not be read was refused at the door; where nothing is bought there is no line to be read.
        lines_of(&self.0).filter_map(Result::ok)
    }

    /// The same as lines of their own.
    pub fn items(&self) -> impl Iterator<Item = PriceItem> {
        self.lines().filter_map(|(code, price)| {
            Some(PriceItem { material: MaterialCode::parse(code).ok()?, price })
        })
    }
}

fn lines_of(text: &str) -> impl Iterator<Item = Result<(&str, UnitPrice), Invalid>> {
    let mut rest = Some(text);
    iter::from_fn(move || {
        let text = rest?;
        let (line, others) = cut(text, b' ').unzip();
        rest = others;
        Some(read(line.unwrap_or(text)))
    })
}

fn read(line: &str) -> Result<(&str, UnitPrice), Invalid> {
    const MALFORMED: Invalid = Invalid("price_line_malformed");
    let (code, rupiah) = cut(line, b':').ok_or(MALFORMED)?;
    let rupiah = rupiah.parse().map_err(|_not_a_number| MALFORMED)?;
    Ok((code, UnitPrice::parse(rupiah)?))
}

/// What stands before and after a character; byte by byte, since the texts are too short for anything cleverer to pay.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn item(material: &str, rupiah: i64) -> PriceItem {
        let material = MaterialCode::parse(material).unwrap();
        PriceItem { material, price: UnitPrice::parse(rupiah).unwrap() }
    }

    #[test]
    fn lines_are_ordered_by_their_codes_and_not_by_their_letters() {
        // A colon comes after the dash and before the letters.
        let prices = Prices::of(&[item("PLA-PET", 2), item("PLA", 1), item("PLAS", 3)]);
        assert_eq!(prices.as_str(), "PLA:1 PLA-PET:2 PLAS:3");
        let lines: Vec<_> = prices.lines().map(|(code, price)| (code, price.get())).collect();
        assert_eq!(lines, [("PLA", 1), ("PLA-PET", 2), ("PLAS", 3)]);
        assert_eq!(Prices::default().lines().count(), 0);
    }

    #[test]
    fn what_no_list_says_is_refused() {
        for (text, code) in [
            ("", "price_line_malformed"),
            ("PLA", "price_line_malformed"),
            ("PLA:", "price_line_malformed"),
            ("PLA:1 ", "price_line_malformed"),
            ("PLA:1  PLAS:2", "price_line_malformed"),
            ("PLA:1.5", "price_line_malformed"),
            ("PLA:-1", "price_out_of_range"),
            ("PLA:1000001", "price_out_of_range"),
            ("pla:1", "material_code_malformed"),
            (":1", "material_code_malformed"),
            ("PLAS:1 PLA:1", "prices_disordered"),
            ("PLA:1 PLA:2", "prices_disordered"),
        ] {
            assert_eq!(Prices::parse(text.to_owned()), Err(Invalid(code)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            list in proptest::collection::btree_map("[A-Z0-9-]{1,32}", 0i64..=1_000_000, 1..100),
            turns in 0usize..100,
        ) {
            let mut items: Vec<_> = list.iter().map(|(code, price)| item(code, *price)).collect();
            let turns = turns % items.len();
            items.rotate_left(turns);
            let prices = Prices::parse(Prices::of(&items).as_str().to_owned()).unwrap();
            let told: BTreeMap<String, i64> =
                prices.items().map(|item| (item.material.into(), item.price.get())).collect();
            prop_assert_eq!(&told, &list);
            prop_assert!(prices.items().is_sorted());
            prop_assert_eq!(prices.lines().count(), list.len());
        }
    }
}
