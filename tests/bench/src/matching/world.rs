//! Collectors and questions over Deli Serdang, the same ones for the same seed.

use ::matching::ranking::{
    Contender, Duty, Item, Job, Load, MaterialSlot, Price, Record, Sighting, Window,
};
use primitives::{
    AccountId, CollectorId, Coordinates, Quantity, Rupiah, Timestamp, Unit, UnitPrice,
};

use reports::MinimumShare;

use super::chance::Chance;
use crate::Fault;

/// The moment of all questions.
pub(crate) const NOON: Timestamp = Timestamp::from_micros(1_772_427_600_000_000);
/// As many as the catalog has.
const MATERIALS: u16 = 53;
/// Codes, names and centres, as the product knows them.
const REGIONS: &str = include_str!("../../../../crates/regions/data/regions_deli_serdang.csv");
/// Inhabitants of the kecamatan in thousands, roughly as of 2020; the others have about thirty.
const INHABITANTS: [(&str, u32); 14] = [
    ("Percut Sei Tuan", 402),
    ("Sunggal", 241),
    ("Tanjung Morawa", 223),
    ("Hamparan Perak", 164),
    ("Patumbak", 100),
    ("Pancur Batu", 93),
    ("Lubuk Pakam", 88),
    ("Galang", 70),
    ("Batang Kuis", 66),
    ("Labuhan Deli", 65),
    ("Beringin", 60),
    ("Deli Tua", 59),
    ("Sibolangit", 21),
    ("Gunung Meriah", 3),
];
const INHABITANTS_ELSEWHERE: u32 = 30;
/// Reference prices in rupiah, one for every material in turn.
const TOP_PRICES: [i64; 6] = [1_800, 2_800, 5_000, 3_500, 12_000, 900];
/// What a vehicle holds (kilograms, liters) and how many meters it gets on in an hour of the crow.
const VEHICLES: [(i64, i64, u32); 4] =
    [(150, 800, 6_000), (250, 1_250, 18_500), (700, 1_250, 18_500), (1_000, 4_000, 26_000)];

/// Where people live: the centres of the desa, with the number below which chance falls on each.
pub(crate) struct Land {
    centres: Vec<(u32, f64, f64)>,
}

impl Land {
    /// The desa of the kabupaten, weighed by the inhabitants of their kecamatan.
    pub(crate) fn deli_serdang() -> Result<Self, Fault> {
        // The one name with a comma is no kecamatan's.
        let plain = REGIONS.replace("\"Lubuk Pakam I,II\"", "Lubuk Pakam I/II");
        let rows: Vec<Vec<&str>> =
            plain.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let mut centres = Vec::new();
        let mut sum = 0;
        for row in rows.iter().filter(|row| row.first().is_some_and(|code| code.len() == 13)) {
            let [code, _name, lat, lon, ..] = row.as_slice() else { continue };
            let district = code.get(..8).unwrap_or_default();
            let siblings = rows.iter().filter(|row| {
                row.first().is_some_and(|other| other.len() == 13 && other.starts_with(district))
            });
            let name =
                rows.iter().find(|row| row.first() == Some(&district)).and_then(|row| row.get(1));
            let known = INHABITANTS.iter().find(|(kecamatan, _)| name == Some(kecamatan));
            let people = known.map_or(INHABITANTS_ELSEWHERE, |(_, thousands)| *thousands) * 1_000;
            sum += people / u32::try_from(siblings.count())?.max(1);
            centres.push((sum, lat.parse()?, lon.parse()?));
        }
        Ok(Self { centres })
    }

    /// About a desa, most often a populous one: a third of a kilometer off on average, seldom two.
    fn somewhere(&self, chance: &mut Chance) -> Result<Coordinates, Fault> {
        let total = self.centres.last().ok_or("no desa")?.0;
        let drawn = chance.below(total);
        let at = self.centres.partition_point(|(sum, ..)| *sum <= drawn);
        let (_, lat, lon) = self.centres.get(at).ok_or("no desa")?;
        let mut stray = || (chance.fraction() + chance.fraction() + chance.fraction() - 1.5) / 80.0;
        Ok(Coordinates::parse(lat + stray(), lon + stray())?)
    }

    /// So many collectors, of whom one in twenty is off duty and two in three were seen lately.
    pub(crate) fn collectors(&self, count: u32, seed: u64) -> Result<Vec<Contender>, Fault> {
        let mut chance = Chance::of(seed);
        (0..count).map(|number| self.collector(number, &mut chance)).collect()
    }

    fn collector(&self, number: u32, chance: &mut Chance) -> Result<Contender, Fault> {
        let base = self.somewhere(chance)?;
        let sighting = if chance.below(3) > 0 {
            Sighting::Fresh(near(base, chance)?)
        } else {
            Sighting::Never
        };
        let &(kilograms, liters, crow_meters_per_hour) = chance.one_of(&VEHICLES)?;
        let capacity = Load { grams: kilograms * 1_000, milliliters: liters * 1_000 };
        let full = i64::from(chance.below(60));
        let carried = Load {
            grams: capacity.grams * full / 100,
            milliliters: capacity.milliliters * full / 100,
        };
        Ok(Contender {
            collector: collector(number),
            account: account(number),
            duty: if chance.below(20) == 0 { Duty::Offline } else { Duty::Working },
            base,
            radius_meters: 2_000 + chance.below(9) * 1_000,
            area: None,
            sighting,
            crow_meters_per_hour,
            capacity,
            carried,
            prices: prices(chance)?,
            record: record(chance),
        })
    }

    /// So many households that ask: one to three materials, now or in a window of today.
    pub(crate) fn jobs(&self, count: u32, seed: u64) -> Result<Vec<Job>, Fault> {
        let mut chance = Chance::of(seed);
        (0..count).map(|number| self.job(number, &mut chance)).collect()
    }

    fn job(&self, number: u32, chance: &mut Chance) -> Result<Job, Fault> {
        let mut items = Vec::new();
        let (mut load, mut top) = (Load::default(), 0);
        for _ in 0..=chance.below(3) {
            let kilograms = i64::from(1 + chance.below(8));
            let material = MaterialSlot(u16::try_from(chance.below(12))?);
            let quantity = Quantity::parse(Unit::Kg, kilograms * 1_000)?;
            let own = Load { grams: kilograms * 1_000, milliliters: kilograms * 12_000 };
            items.push(Item { material, quantity, load: own });
            load = load.plus(own);
            top += kilograms * top_price(material.0);
        }
        let hours =
            |hours: u32| Timestamp::from_micros(NOON.micros() + i64::from(hours) * 3_600_000_000);
        let start = chance.below(4);
        let window = Window { from: hours(start), until: hours(start + 3) };
        Ok(Job {
            household: account(u32::MAX - number),
            place: self.somewhere(chance)?,
            tolerance_meters: 0,
            items,
            load,
            minimum_share: MinimumShare::ALL,
            top_payout: Rupiah::new(top),
            windows: if start == 0 { Vec::new() } else { vec![window] },
            waiting_since: Timestamp::from_micros(
                NOON.micros() - i64::from(chance.below(7_200)) * 1_000_000,
            ),
        })
    }
}

/// A kilometer or two on.
fn near(from: Coordinates, chance: &mut Chance) -> Result<Coordinates, Fault> {
    let mut stray = || (chance.fraction() - 0.5) / 40.0;
    Ok(Coordinates::parse(from.lat() + stray(), from.lon() + stray())?)
}

/// Half of the materials, all at about the same part of the reference price.
fn prices(chance: &mut Chance) -> Result<Vec<Price>, Fault> {
    let part = 60 + i64::from(chance.below(40));
    let mut list = Vec::new();
    for material in 0..MATERIALS {
        if chance.below(2) == 0 {
            let price = top_price(material) * (part + i64::from(chance.below(7)) - 3) / 100;
            list.push(Price { material: MaterialSlot(material), price: UnitPrice::parse(price)? });
        }
    }
    Ok(list)
}

fn top_price(material: u16) -> i64 {
    TOP_PRICES.get(usize::from(material) % TOP_PRICES.len()).copied().unwrap_or(1_000)
}

fn record(chance: &mut Chance) -> Record {
    let promised = chance.below(200);
    let ratings = chance.below(100);
    Record {
        promised,
        kept: promised * (70 + chance.below(31)) / 100,
        ratings,
        stars: ratings * (30 + chance.below(21)) / 10,
        recent_wins: chance.below(6),
    }
}

/// The identity of the n-th collector.
pub(crate) fn collector(number: u32) -> CollectorId {
    CollectorId::from_parts(NOON, tail(number))
}

fn account(number: u32) -> AccountId {
    AccountId::from_parts(NOON, tail(number))
}

fn tail(number: u32) -> [u8; 10] {
    let [a, b, c, d] = number.to_be_bytes();
    [0, 0, 0, 0, 0, 0, a, b, c, d]
}
