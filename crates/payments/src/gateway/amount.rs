use primitives::Rupiah;
use serde_json::Value;

use super::Unusable;

const BEYOND: Unusable = Unusable::Unreadable("an amount that is not in whole rupiah");
/// As much as an account of the ledger holds; whoever tells of more is not believed.
const MOST: i64 = 1_000_000_000_000;

/// Reads `50000`, `"50000"` and `"50000.00"` exactly; signs, exponents, fractions other than zero and more than a trillion are refused.
pub(super) fn read(value: &Value) -> Result<Rupiah, Unusable> {
    match value {
        Value::Number(number) => read_text(&number.to_string()),
        Value::String(text) => read_text(text),
        _ => Err(BEYOND),
    }
}

fn read_text(text: &str) -> Result<Rupiah, Unusable> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let exact = digits(whole) && digits(fraction) && fraction.bytes().all(|byte| byte == b'0');
    if !exact || text.len() > 20 {
        return Err(BEYOND);
    }
    let amount = whole.parse().ok().filter(|amount| *amount <= MOST);
    amount.map(Rupiah::new).ok_or(BEYOND)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_rupiah_are_read_exactly() {
        for value in [json!(12_333), json!("12333"), json!("12333.00"), json!(12_333.0)] {
            assert_eq!(read(&value).unwrap(), Rupiah::new(12_333), "{value}");
        }
    }

    #[test]
    fn a_trillion_is_the_most() {
        assert_eq!(read(&json!(MOST)).unwrap(), Rupiah::new(MOST));
        assert!(read(&json!(MOST + 1)).is_err());
    }

    #[test]
    fn everything_else_is_refused() {
        let wrong = [
            json!("12333.01"),
            json!(12_333.5),
            json!("-1"),
            json!(-1),
            json!("1e4"),
            json!(1e300),
            json!("+5"),
            json!(""),
            json!("."),
            json!("5."),
            json!(".5"),
            json!(" 5"),
            json!("5,00"),
            json!("99999999999999999999"),
            json!(null),
            json!([5]),
        ];
        for value in wrong {
            assert!(read(&value).is_err(), "{value}");
        }
    }
}
