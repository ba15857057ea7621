use std::collections::BTreeMap;

use database::{Connection, DatabaseError};
use primitives::RegionCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Statistics;
use crate::{
    Day, Interval, Period, StatisticsError,
    presence::{Role, distinct},
    store::{self, By, Scope},
};

/// What a series can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Reports opened.
    Reports,
    /// Jobs done and paid.
    Pickups,
    /// What was weighed in.
    Grams,
    /// What households were paid.
    RupiahPaid,
    /// Different households that sold.
    Households,
    /// Different collectors who bought.
    ActiveCollectors,
}

/// Which series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesQuestion {
    /// Of what.
    pub metric: Metric,
    /// In which steps.
    pub interval: Interval,
    /// Where.
    pub region: RegionCode,
    /// Of one material only; for weights and amounts.
    pub material: Option<String>,
    /// When.
    pub period: Period,
}

/// One step of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// `2026-03-02`, `2026-W10` or `2026-03`.
    pub name: String,
    /// The days of the step that lie within the period.
    pub days: Period,
    /// The figure.
    pub value: i64,
}

impl Statistics {
    /// One figure, step by step; steps in which nothing happened show zero.
    pub fn series_in(
        &self,
        conn: &mut Connection,
        question: &SeriesQuestion,
    ) -> Result<Vec<Point>, StatisticsError> {
        let of_lines = matches!(question.metric, Metric::Grams | Metric::RupiahPaid);
        if question.material.is_some() && !of_lines {
            return Err(StatisticsError::field("?material", "material_not_for_metric"));
        }
        let scope = Scope { region: question.region.clone(), period: question.period };
        let steps = question.interval.steps(question.period);
        let values = match question.metric {
            Metric::Households => people(conn, &scope, Role::Household, &steps)?,
            Metric::ActiveCollectors => people(conn, &scope, Role::Collector, &steps)?,
            _ => sums(&days(conn, &scope, question)?, &steps),
        };
        let point = |(&days, value): (&Period, i64)| Point {
            name: question.interval.name_of(days.from()),
            days,
            value,
        };
        Ok(steps.iter().zip(values).map(point).collect())
    }
}

/// People are no sums: who comes on two days of a step counts once in it.
fn people(
    conn: &mut Connection,
    scope: &Scope,
    role: Role,
    steps: &[Period],
) -> Result<Vec<i64>, DatabaseError> {
    let mut returns = store::returns(conn, scope, role)?;
    returns.sort_by_key(|it| it.day);
    let count = |step: &Period| {
        let (from, to) = (step.from().number(), step.to().number());
        let first = returns.partition_point(|it| it.day < from);
        let last = returns.partition_point(|it| it.day <= to);
        distinct(returns.get(first..last).unwrap_or_default(), from, to)
    };
    Ok(steps.iter().map(count).collect())
}

fn sums(days: &BTreeMap<Day, i64>, steps: &[Period]) -> Vec<i64> {
    steps.iter().map(|step| days.range(step.from()..=step.to()).map(|day| day.1).sum()).collect()
}

fn days(
    conn: &mut Connection,
    scope: &Scope,
    question: &SeriesQuestion,
) -> Result<BTreeMap<Day, i64>, DatabaseError> {
    let material = question.material.as_deref();
    match question.metric {
        Metric::Reports => by_day(store::reports(conn, scope, By::Day)?, |it| it.opened),
        Metric::RupiahPaid if material.is_none() => {
            by_day(store::pickups(conn, scope, By::Day)?, |it| it.amount_rupiah)
        }
        Metric::RupiahPaid => {
            by_day(store::cells(conn, scope, By::Day, material)?, |it| it.amount_rupiah)
        }
        Metric::Grams => by_day(store::cells(conn, scope, By::Day, material)?, |it| it.grams),
        Metric::Pickups | Metric::Households | Metric::ActiveCollectors => {
            by_day(store::pickups(conn, scope, By::Day)?, |it| it.pickups)
        }
    }
}

fn by_day<T>(
    sums: BTreeMap<String, T>,
    figure: fn(&T) -> i64,
) -> Result<BTreeMap<Day, i64>, DatabaseError> {
    let day = |(key, sums): (String, T)| match key.parse() {
        Ok(number) => Ok((Day::new(number), figure(&sums))),
        Err(_) => Err(DatabaseError::corrupt("statistics", key, "day is no number")),
    };
    sums.into_iter().map(day).collect()
}
