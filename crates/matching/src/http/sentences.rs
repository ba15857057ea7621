//! Why somebody stands where he stands, in the language of whoever asks.

use http_kit::Texts;
use primitives::Language;

use crate::ranking::{
    Appraisal, Change, Counterfactual, Grounds, Ineligible, Origin, Part, PartName,
};

/// Says things in one language.
#[derive(Clone, Copy)]
pub(crate) struct Speaker<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) language: Language,
}

impl Speaker<'_> {
    /// One part of a score.
    pub(crate) fn part(&self, part: &Part, appraisal: &Appraisal, grounds: &Grounds) -> String {
        let percent = self.number(part.value.percent().into());
        match part.name {
            PartName::TravelTime => self.travel_time(appraisal, grounds),
            PartName::Payout if !grounds.has_reference => {
                let payout = self.number(appraisal.deal.payout.get());
                self.say("part-payout-alone", &[("payout", &payout)])
            }
            PartName::Payout => {
                let payout = self.number(appraisal.deal.payout.get());
                self.say("part-payout", &[("payout", &payout), ("percent", &percent)])
            }
            PartName::Reliability => {
                let kept = self.number(grounds.record.kept.into());
                let promised = self.number(grounds.record.promised.into());
                self.say("part-reliability", &[("kept", &kept), ("promised", &promised)])
            }
            PartName::Rating => self.rating(grounds),
            PartName::SpareCapacity => self.say("part-spare_capacity", &[("percent", &percent)]),
            PartName::WindowFit if grounds.has_windows => {
                self.say("part-window_fit", &[("percent", &percent)])
            }
            PartName::WindowFit => self.say("part-window_fit-any", &[]),
            PartName::Fairness => {
                let wins = self.number(grounds.record.recent_wins.into());
                self.say("part-fairness", &[("wins", &wins)])
            }
            PartName::Ageing => {
                let hours = self.number(grounds.waited_seconds / 3_600);
                let minutes = self.number(grounds.waited_seconds / 60 % 60);
                self.say("part-ageing", &[("hours", &hours), ("minutes", &minutes)])
            }
        }
    }

    /// What would have lifted a runner-up.
    pub(crate) fn counterfactual(&self, other: &Counterfactual) -> String {
        let rank = other.rank.to_string();
        match other.change {
            Change::Nearer { meters } => {
                let distance = self.distance(meters);
                self.say("counterfactual-nearer", &[("distance", &distance), ("rank", &rank)])
            }
            Change::Paying { more } => {
                let more = self.number(more.get());
                self.say("counterfactual-paying", &[("more", &more), ("rank", &rank)])
            }
        }
    }

    /// Why somebody may not take a report.
    pub(crate) fn ineligible(&self, reason: Ineligible) -> String {
        self.say(&format!("ineligible-{}", reason.as_str()), &[])
    }

    fn travel_time(&self, appraisal: &Appraisal, grounds: &Grounds) -> String {
        let minutes = self.number((appraisal.eta_seconds + 59) / 60);
        let distance = self.distance(appraisal.distance_meters);
        let (key, delay) = match grounds.origin {
            Origin::Seen => ("part-travel_time-seen", 0),
            Origin::Base => ("part-travel_time-base", 0),
            Origin::Lost { delay_seconds } => ("part-travel_time-lost", delay_seconds / 60),
        };
        let delay = self.number(delay.into());
        self.say(key, &[("minutes", &minutes), ("distance", &distance), ("delay", &delay)])
    }

    fn rating(&self, grounds: &Grounds) -> String {
        let (stars, count) = (i64::from(grounds.record.stars), i64::from(grounds.record.ratings));
        let Some(tenths) = (stars * 10 + count / 2).checked_div(count) else {
            return self.say("part-rating-none", &[]);
        };
        let (stars, count) = (self.tenths(tenths), self.number(count));
        self.say("part-rating", &[("stars", &stars), ("count", &count)])
    }

    /// Meters below a kilometer, else kilometers to the tenth.
    fn distance(&self, meters: u32) -> String {
        if meters < 1_000 {
            return format!("{meters} m");
        }
        format!("{} km", self.tenths((i64::from(meters) + 50) / 100))
    }

    fn tenths(&self, tenths: i64) -> String {
        format!("{}{}{}", self.number(tenths / 10), self.marks().1, tenths % 10)
    }

    /// With a mark between thousands.
    fn number(&self, number: i64) -> String {
        let digits = number.to_string();
        let mut told = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                told.push(self.marks().0);
            }
            told.push(digit);
        }
        told
    }

    /// Between thousands, and before tenths.
    const fn marks(&self) -> (char, char) {
        match self.language {
            Language::Indonesian => ('.', ','),
            Language::English => (',', '.'),
        }
    }

    fn say(&self, key: &str, facts: &[(&str, &str)]) -> String {
        self.texts.line(self.language, key, facts).unwrap_or_else(|| key.to_owned())
    }
}
