//! What people do, one command at a time, each with what follows from it.

use database::Connection;
use matching::{NewOffer, OfferedPrice};
use payments::{Method, PaymentState};
use pickups::{NewLine, Rating, Scale, Stars, WeighIn};
use primitives::{AccountId, CollectorId, DeliveryId, PickupId, Quantity, ReportId};
use reports::{Address, MinimumShare, NewItem, NewReport, Selection, Settlement};

use super::{agenda::Agenda, cast::Cast, day::Stage, delivering, names::LANDMARKS};
use crate::house::HouseError;

/// What a household usually has: material, usual amount in its own unit.
const USUAL: [(&str, i64); 10] = [
    ("KRT-KARDUS-A", 6_000),
    ("PLA-PET-BENING", 2_500),
    ("PLA-PET-KOTOR", 3_000),
    ("KRT-KORAN", 4_000),
    ("LGM-ALU-KALENG", 800),
    ("LGM-BESI", 7_000),
    ("PLA-GELAS-BERSIH", 1_500),
    ("KCA-BOTOL-KECAP", 12),
    ("MNY-JELANTAH", 2_000),
    ("PLA-EMBER", 2_500),
];

/// One command of one person.
pub(super) enum Step {
    Submit { household: usize },
    Accept { report: ReportId },
    Offer { report: ReportId, household: AccountId },
    CallOff { report: ReportId, household: AccountId },
    Depart(Job),
    Arrive(Job),
    GiveBack(Job),
    WeighIn(Job),
    Agree(Job),
    Pay(Job),
    Rate(Job),
    Bring { merchant: usize },
    TakeIn { delivery: DeliveryId, facility: CollectorId },
}

/// A job and its two sides.
#[derive(Clone, Copy)]
pub(super) struct Job {
    pickup: PickupId,
    household: AccountId,
    collector: AccountId,
}

impl Step {
    /// True for the step that ends a paid pickup.
    pub(super) const fn is_last(&self) -> bool {
        matches!(self, Self::Rate(_))
    }

    /// Plays the step at the present moment of the stage's clock.
    pub(super) fn play(
        self,
        stage: &Stage,
        conn: &mut Connection,
        cast: &Cast,
        agenda: &mut Agenda,
    ) -> Result<(), HouseError> {
        match self {
            Self::Submit { household } => submit(stage, conn, cast, agenda, household),
            Self::Accept { report } => accept(stage, conn, agenda, report),
            Self::Offer { report, household } => offer(stage, conn, agenda, (report, household)),
            Self::CallOff { report, household } => {
                stage.house.pickups.cancel_report_in(conn, household, report, "sudah diberikan")?;
                Ok(())
            }
            Self::Depart(job) => depart(stage, conn, agenda, job),
            Self::Arrive(job) => arrive(stage, conn, agenda, job),
            Self::GiveBack(job) => give_back(stage, conn, agenda, job),
            Self::WeighIn(job) => weigh_in(stage, conn, agenda, job),
            Self::Agree(job) => {
                stage.house.pickups.confirm_in(conn, job.household, job.pickup)?;
                agenda.put(stage.in_minutes(1, 4), Self::Pay(job));
                Ok(())
            }
            Self::Pay(job) => pay(stage, conn, agenda, job),
            Self::Rate(job) => rate(stage, conn, job),
            Self::Bring { merchant } => delivering::bring(stage, conn, cast, agenda, merchant),
            Self::TakeIn { delivery, facility } => {
                delivering::take_in(stage, conn, delivery, facility)
            }
        }
    }
}

fn submit(
    stage: &Stage,
    conn: &mut Connection,
    cast: &Cast,
    agenda: &mut Agenda,
    household: usize,
) -> Result<(), HouseError> {
    let household = cast.households.get(household).ok_or("no such household")?;
    let choose = stage.chance(15);
    let new = NewReport {
        id: None,
        location: household.home,
        desa: Some(household.desa.clone()),
        address: Address {
            landmark: Some((*stage.pick(&LANDMARKS)?).to_owned()),
            ..Address::default()
        },
        items: estimated_items(stage)?,
        photos: Vec::new(),
        windows: Vec::new(),
        note: None,
        settlement: if stage.chance(25) { Settlement::Wallet } else { Settlement::Cash },
        selection: if choose { Selection::Choose } else { Selection::Instant },
        minimum_share: MinimumShare::ALL,
        occurred_at: None,
    };
    let report = stage.house.reports.submit_in(conn, household.account, &new)?.id;
    let household = household.account;
    let next = match stage.house.ambient.below(100) {
        // Nobody comes: it will expire.
        0..=1 => return Ok(()),
        2..=4 => Step::CallOff { report, household },
        _ if choose => Step::Offer { report, household },
        _ => Step::Accept { report },
    };
    agenda.put(stage.in_minutes(2, 45), next);
    Ok(())
}

fn estimated_items(stage: &Stage) -> Result<Vec<NewItem>, HouseError> {
    let first = stage.below(USUAL.len())?;
    let kinds = 1 + stage.below(3)?;
    let chosen = USUAL.iter().cycle().skip(first).take(kinds);
    chosen
        .map(|(code, usual)| {
            let code = catalog::MaterialCode::parse(code)?;
            let material = stage.house.catalog.accepted(&code)?;
            let amount = usual * i64::from(50 + stage.house.ambient.below(200)) / 100;
            let quantity = Quantity::parse(material.unit, amount)?;
            Ok(NewItem { material: code, quantity, note: None })
        })
        .collect()
}

/// One of the three best takes it.
fn accept(
    stage: &Stage,
    conn: &mut Connection,
    agenda: &mut Agenda,
    report: ReportId,
) -> Result<(), HouseError> {
    stage.follow_log(conn)?;
    let house = &stage.house;
    let report = house.reports.find_in(conn, report)?;
    let ranking = house.matcher.candidates_of(&report, 3);
    if ranking.candidates.is_empty() {
        return Ok(());
    }
    let taker = stage.pick(&ranking.candidates)?.appraisal.collector;
    let pickup = house.matcher.accept_in(conn, taker, report.id)?.pickup;
    begin(stage, agenda, &pickup);
    Ok(())
}

fn begin(stage: &Stage, agenda: &mut Agenda, pickup: &pickups::Pickup) {
    let (household, collector) = (pickup.household, pickup.collector.account);
    let job = Job { pickup: pickup.id, household, collector };
    let step = if stage.chance(3) { Step::GiveBack(job) } else { Step::Depart(job) };
    agenda.put(stage.in_minutes(5, 60), step);
}

/// The best two offer something above their lists; the household takes the first.
fn offer(
    stage: &Stage,
    conn: &mut Connection,
    agenda: &mut Agenda,
    (report, household): (ReportId, AccountId),
) -> Result<(), HouseError> {
    stage.follow_log(conn)?;
    let house = &stage.house;
    let report = house.reports.find_in(conn, report)?;
    let mut first = None;
    for candidate in house.matcher.candidates_of(&report, 2).candidates {
        let collector = candidate.appraisal.collector;
        let board = house.collectors.price_board_in(conn, collector)?;
        let listed = board.in_force.ok_or("an online collector has prices")?.items;
        let offered = listed
            .iter()
            .filter(|price| report.items.iter().any(|item| item.material == price.material));
        let new = NewOffer {
            prices: offered
                .map(|price| OfferedPrice { material: price.material.clone(), price: price.price })
                .collect(),
            pickup_at: stage.in_minutes(30, 120),
            note: None,
        };
        let made = house.matcher.offer_in(conn, collector, report.id, &new)?;
        first = first.or(Some(made.id));
    }
    if let Some(offer) = first {
        let pickup = house.matcher.accept_offer_in(conn, household, offer)?.pickup;
        begin(stage, agenda, &pickup);
    }
    Ok(())
}

fn depart(
    stage: &Stage,
    conn: &mut Connection,
    agenda: &mut Agenda,
    job: Job,
) -> Result<(), HouseError> {
    stage.house.pickups.depart_in(conn, job.collector, job.pickup, None)?;
    agenda.put(stage.in_minutes(8, 50), Step::Arrive(job));
    Ok(())
}

fn arrive(
    stage: &Stage,
    conn: &mut Connection,
    agenda: &mut Agenda,
    job: Job,
) -> Result<(), HouseError> {
    let pickup = stage.house.pickups.find_in(conn, job.pickup)?;
    let home = stage.house.reports.find_in(conn, pickup.report)?.home.location();
    stage.house.pickups.arrive_in(conn, job.collector, job.pickup, home, None)?;
    agenda.put(stage.in_minutes(3, 12), Step::WeighIn(job));
    Ok(())
}

/// The report is open again, and somebody else takes it.
fn give_back(
    stage: &Stage,
    conn: &mut Connection,
    agenda: &mut Agenda,
    job: Job,
) -> Result<(), HouseError> {
    let pickup = stage.house.pickups.release_in(conn, job.collector, job.pickup, "becak rusak")?;
    let report = stage.house.reports.find_in(conn, pickup.report)?;
    if report.selection == Selection::Instant {
        agenda.put(stage.in_minutes(10, 40), Step::Accept { report: report.id });
    }
    Ok(())
}

fn weigh_in(
    stage: &Stage,
    conn: &mut Connection,
    agenda: &mut Agenda,
    job: Job,
) -> Result<(), HouseError> {
    let pickup = stage.house.pickups.find_in(conn, job.pickup)?;
    let report = stage.house.reports.find_in(conn, pickup.report)?;
    let weighed = report.items.iter().map(|item| {
        let share = i64::from(75 + stage.house.ambient.below(46));
        // Nothing is weighed below 100 g, and a bottle is a bottle.
        let least = if matches!(item.quantity, Quantity::Pieces(_)) { 1 } else { 150 };
        let amount = (item.quantity.amount() * share / 100).max(least);
        let quantity = Quantity::parse(item.quantity.unit(), amount)?;
        Ok(NewLine { material: item.material.clone(), quantity })
    });
    let weigh_in = WeighIn {
        handover_code: pickup.handover.code().to_owned(),
        lines: weighed.collect::<Result<_, HouseError>>()?,
        scale: Scale { id: Some("TIMBANGAN-1".to_owned()), tera_until: None },
        photos: Vec::new(),
        occurred_at: None,
    };
    stage.house.pickups.weigh_in_in(conn, job.collector, job.pickup, &weigh_in)?;
    agenda.put(stage.in_minutes(1, 3), Step::Agree(job));
    Ok(())
}

fn pay(
    stage: &Stage,
    conn: &mut Connection,
    agenda: &mut Agenda,
    job: Job,
) -> Result<(), HouseError> {
    let house = &stage.house;
    let method = match house.pickups.find_in(conn, job.pickup)?.settlement {
        Settlement::Cash => Method::Cash,
        Settlement::Wallet => Method::Wallet,
    };
    let payment = house.payments.pay_in(conn, job.collector, job.pickup, method)?;
    if matches!(payment.state, PaymentState::Pending { .. }) {
        house.payments.confirm_in(conn, job.household, payment.id)?;
    }
    agenda.put(stage.in_minutes(1, 30), Step::Rate(job));
    Ok(())
}

fn rate(stage: &Stage, conn: &mut Connection, job: Job) -> Result<(), HouseError> {
    let stars = [5, 5, 5, 4, 4, 4, 3, 2];
    let rating = Rating { stars: Stars::parse(*stage.pick(&stars)?)?, comment: None };
    stage.house.pickups.rate_in(conn, job.household, job.pickup, &rating)?;
    Ok(())
}
