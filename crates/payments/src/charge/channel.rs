use std::time::Duration;

use primitives::{Invalid, Rupiah};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How money can come in: to a virtual account at a bank, or by QRIS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayInChannel {
    /// Bank Central Asia.
    Bca,
    /// Bank Negara Indonesia.
    Bni,
    /// Bank Rakyat Indonesia.
    Bri,
    /// Bank Mandiri.
    Mandiri,
    /// Bank Permata.
    Permata,
    /// A code that every Indonesian bank and electronic wallet can read.
    Qris,
}

impl PayInChannel {
    /// Every channel, in the order in which people see them.
    pub const ALL: [Self; 6] =
        [Self::Qris, Self::Bca, Self::Bni, Self::Bri, Self::Mandiri, Self::Permata];

    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bca => "bca",
            Self::Bni => "bni",
            Self::Bri => "bri",
            Self::Mandiri => "mandiri",
            Self::Permata => "permata",
            Self::Qris => "qris",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|channel| channel.as_str() == word);
        known.ok_or(Invalid("channel_unknown"))
    }

    /// The least that comes in this way: banks open no virtual account for less.
    pub const fn minimum(self) -> Rupiah {
        Rupiah::new(10_000)
    }

    /// The most that comes in this way: what a wallet takes at once, and by QRIS what Bank Indonesia allows.
    pub const fn maximum(self) -> Rupiah {
        match self {
            Self::Qris => Rupiah::new(10_000_000),
            _ => Rupiah::new(50_000_000),
        }
    }

    /// How long it can be paid: a code is read at once, a bank may be an afternoon away.
    pub(crate) const fn lifetime(self) -> Duration {
        match self {
            Self::Qris => Duration::from_secs(30 * 60),
            _ => Duration::from_secs(6 * 60 * 60),
        }
    }

    /// From the least to the most that comes in this way.
    pub(crate) fn check_amount(self, amount: Rupiah) -> Result<(), Invalid> {
        let fits = (self.minimum()..=self.maximum()).contains(&amount);
        if fits { Ok(()) } else { Err(Invalid("top_up_beyond_channel")) }
    }

    /// A virtual account's number is 6 – 32 digits, a code's text 1 – 1,000 printable characters.
    pub(crate) fn reads(self, pay_to: &str) -> bool {
        match self {
            Self::Qris => {
                (1..=1_000).contains(&pay_to.len())
                    && pay_to.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
            }
            _ => {
                (6..=32).contains(&pay_to.len()) && pay_to.bytes().all(|byte| byte.is_ascii_digit())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_reads_its_own_word() {
        for channel in PayInChannel::ALL {
            assert_eq!(PayInChannel::parse(channel.as_str()), Ok(channel));
        }
        assert_eq!(PayInChannel::parse("QRIS"), Err(Invalid("channel_unknown")));
    }

    #[test]
    fn amounts_have_bounds_of_their_channel() {
        let fits =
            |channel: PayInChannel, amount| channel.check_amount(Rupiah::new(amount)).is_ok();
        for (amount, bank, code) in [
            (i64::MIN, false, false),
            (0, false, false),
            (9_999, false, false),
            (10_000, true, true),
            (10_000_000, true, true),
            (10_000_001, true, false),
            (50_000_000, true, false),
            (50_000_001, false, false),
        ] {
            let found = (fits(PayInChannel::Bri, amount), fits(PayInChannel::Qris, amount));
            assert_eq!(found, (bank, code), "{amount}");
        }
    }

    #[test]
    fn nothing_strange_is_shown_as_a_way_to_pay() {
        assert!(PayInChannel::Bca.reads("8808123456789012"));
        assert!(PayInChannel::Qris.reads("00020101021226660014ID.LINKAJA.WWW 5802ID"));
        for strange in ["", "12345", "88081234x", "８８０８１２３４"] {
            assert!(!PayInChannel::Bca.reads(strange), "{strange}");
        }
        assert!(!PayInChannel::Qris.reads("") && !PayInChannel::Qris.reads("0002\u{7}"));
        assert!(!PayInChannel::Qris.reads(&"0".repeat(1_001)));
    }
}
