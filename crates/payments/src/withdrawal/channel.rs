use std::fmt;

use accounts::ShortName;
use primitives::{Invalid, PhoneNumber};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a wallet can be emptied to: banks by account number, electronic wallets by phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Bank Central Asia.
    Bca,
    /// Bank Negara Indonesia.
    Bni,
    /// Bank Rakyat Indonesia.
    Bri,
    /// Bank Mandiri.
    Mandiri,
    /// DANA.
    Dana,
    /// GoPay.
    Gopay,
    /// OVO.
    Ovo,
}

/// How the account number of a channel is made.
enum Numbering {
    /// Exactly so many digits.
    Digits(usize),
    /// The holder's mobile number.
    Phone,
}

impl Channel {
    /// Every channel, in the order in which people see them.
    pub const ALL: [Self; 7] =
        [Self::Bca, Self::Bni, Self::Bri, Self::Mandiri, Self::Dana, Self::Gopay, Self::Ovo];

    /// The word in the database, in events and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bca => "bca",
            Self::Bni => "bni",
            Self::Bri => "bri",
            Self::Mandiri => "mandiri",
            Self::Dana => "dana",
            Self::Gopay => "gopay",
            Self::Ovo => "ovo",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|channel| channel.as_str() == word);
        known.ok_or(Invalid("channel_unknown"))
    }

    const fn numbering(self) -> Numbering {
        match self {
            Self::Bca | Self::Bni => Numbering::Digits(10),
            Self::Bri => Numbering::Digits(15),
            Self::Mandiri => Numbering::Digits(13),
            Self::Dana | Self::Gopay | Self::Ovo => Numbering::Phone,
        }
    }
}

/// The account number as a gateway wants it: digits only, phones as `08…`.
///
/// `Debug` hides all but the last two digits, so that logs stay clean.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountNumber(String);

impl AccountNumber {
    /// Accepts what the channel gives out, with spaces, dots and dashes between the digits.
    pub fn parse(channel: Channel, text: &str) -> Result<Self, Invalid> {
        let malformed = Invalid("account_number_malformed");
        match channel.numbering() {
            Numbering::Digits(count) => {
                let separator = |letter: &char| matches!(letter, ' ' | '-' | '.');
                let digits: String =
                    text.chars().take(64).filter(|letter| !separator(letter)).collect();
                let fits =
                    digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit());
                if fits { Ok(Self(digits)) } else { Err(malformed) }
            }
            Numbering::Phone => {
                let phone = PhoneNumber::parse(text).map_err(|_other_reason| malformed)?;
                let national = phone.as_str().strip_prefix("+62").ok_or(malformed)?;
                Ok(Self(format!("0{national}")))
            }
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits with all but the last four hidden, for answers.
    pub fn masked(&self) -> String {
        let hidden = self.0.len().saturating_sub(4);
        let show = |(place, digit)| if place < hidden { '•' } else { digit };
        self.0.chars().enumerate().map(show).collect()
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail: String = self.0.chars().skip(self.0.len().saturating_sub(2)).collect();
        write!(formatter, "…{tail}")
    }
}

/// Where a withdrawal goes. `Debug` shows neither name nor number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Through which bank or electronic wallet.
    pub channel: Channel,
    /// Whose account there.
    pub number: AccountNumber,
    /// What the holder is called there.
    pub holder: ShortName,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_reads_its_own_word() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.as_str()), Ok(channel));
        }
        assert_eq!(Channel::parse("BCA"), Err(Invalid("channel_unknown")));
    }

    #[test]
    fn numbers_follow_the_rules_of_their_channel() {
        let read = |channel, text: &str| AccountNumber::parse(channel, text).map(|it| it.0);
        assert_eq!(read(Channel::Bca, "123-456-7890"), Ok("1234567890".to_owned()));
        assert_eq!(read(Channel::Bri, "0012 0100 0123 456"), Ok("001201000123456".to_owned()));
        assert_eq!(read(Channel::Gopay, "+62 812-3456-7890"), Ok("081234567890".to_owned()));
        let refused = [
            (Channel::Bca, "123456789"),
            (Channel::Bca, "12345678901"),
            (Channel::Bca, "12345678９0"),
            (Channel::Mandiri, "1234567890"),
            (Channel::Bni, "-1234567890x"),
            (Channel::Ovo, "0614567890"),
            (Channel::Dana, ""),
        ];
        for (channel, text) in refused {
            assert!(read(channel, text).is_err(), "{channel:?} {text}");
        }
        assert!(read(Channel::Bca, &"1".repeat(100_000)).is_err());
    }

    #[test]
    fn logs_and_answers_hide_the_number() {
        let number = AccountNumber::parse(Channel::Bca, "1234567890").unwrap();
        assert_eq!((format!("{number:?}"), number.masked()), ("…90".into(), "••••••7890".into()));
    }
}
