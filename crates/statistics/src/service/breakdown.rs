use std::{collections::BTreeMap, sync::Arc};

use catalog::{Material, MaterialCode};
use database::{Connection, DatabaseError};
use primitives::{Language, RegionCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Statistics;
use crate::{
    Period, carbon,
    deltas::{Cell, Pickups},
    presence::Role,
    store::{self, By, Scope},
};

/// What a table is broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakdownBy {
    /// The regions one level below.
    Region,
    /// Materials.
    Material,
    /// The classes of the national waste information system.
    SipsnCategory,
    /// Kinds of collectors.
    CollectorKind,
}

/// Which table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakdownQuestion {
    /// Broken down by what.
    pub by: BreakdownBy,
    /// Where.
    pub region: RegionCode,
    /// When.
    pub period: Period,
    /// In which language materials are named.
    pub language: Language,
}

/// One row of a table. What a breakdown cannot tell is absent: a pickup of two materials belongs to neither alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BreakdownRow {
    /// A code, or a class's name.
    pub key: String,
    /// What people call it, when that is something else.
    pub name: Option<String>,
    /// What was weighed in.
    pub grams: i64,
    /// What households were paid.
    pub rupiah_paid: i64,
    /// How many lines of receipts.
    pub lines: i64,
    /// Reports opened.
    pub reports: Option<i64>,
    /// Jobs done and paid.
    pub pickups: Option<i64>,
    /// Different households that sold.
    pub households: Option<i64>,
    /// Different collectors who bought.
    pub active_collectors: Option<i64>,
    /// Greenhouse gas avoided before the trips, in grams of CO₂ equivalent; absent when nobody can say.
    pub co2e_avoided_grams: Option<i64>,
}

impl BreakdownRow {
    fn of(key: String, cell: Cell) -> Self {
        let Cell { grams, amount_rupiah, lines } = cell;
        Self { key, grams, rupiah_paid: amount_rupiah, lines, ..Self::default() }
    }
}

impl Statistics {
    /// One table, in the order of its keys.
    pub fn breakdown_in(
        &self,
        conn: &mut Connection,
        question: &BreakdownQuestion,
    ) -> Result<Vec<BreakdownRow>, DatabaseError> {
        let scope = Scope { region: question.region.clone(), period: question.period };
        match question.by {
            BreakdownBy::Region => self.by_region(conn, &scope),
            BreakdownBy::Material => self.by_material(conn, &scope, question.language),
            BreakdownBy::SipsnCategory => self.by_sipsn_category(conn, &scope),
            BreakdownBy::CollectorKind => by_collector_kind(conn, &scope),
        }
    }

    /// Every region one level below, also those where nothing happened; a village shows itself.
    fn by_region(
        &self,
        conn: &mut Connection,
        scope: &Scope,
    ) -> Result<Vec<BreakdownRow>, DatabaseError> {
        let mut parts = self.regions.children(&scope.region);
        if parts.is_empty() {
            parts.extend(self.regions.get(&scope.region));
        }
        let mut rows = Vec::with_capacity(parts.len());
        for part in parts {
            let scope = Scope { region: part.code.clone(), period: scope.period };
            let name = Some(part.name.clone());
            rows.push(BreakdownRow { name, ..row_of_region(conn, &scope)? });
        }
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(rows)
    }

    fn by_material(
        &self,
        conn: &mut Connection,
        scope: &Scope,
        language: Language,
    ) -> Result<Vec<BreakdownRow>, DatabaseError> {
        let cells = store::cells(conn, scope, By::Material, None)?;
        let row = |(key, cell): (String, Cell)| BreakdownRow {
            name: self.material(&key).map(|material| material.name(language).to_owned()),
            co2e_avoided_grams: carbon::avoided_by(&key, cell.grams, &self.catalog),
            ..BreakdownRow::of(key, cell)
        };
        Ok(cells.into_iter().map(row).collect())
    }

    fn by_sipsn_category(
        &self,
        conn: &mut Connection,
        scope: &Scope,
    ) -> Result<Vec<BreakdownRow>, DatabaseError> {
        let mut categories: BTreeMap<String, Cell> = BTreeMap::new();
        for (material, cell) in store::cells(conn, scope, By::Material, None)? {
            let category = self.material(&material).map(|it| it.sipsn_category.clone());
            // "Lainnya", the national class for the rest, also takes what the catalog has forgotten.
            let sums = categories.entry(category.unwrap_or_else(|| "Lainnya".to_owned()));
            let sums = sums.or_default();
            sums.grams += cell.grams;
            sums.amount_rupiah += cell.amount_rupiah;
            sums.lines += cell.lines;
        }
        Ok(categories.into_iter().map(|(key, cell)| BreakdownRow::of(key, cell)).collect())
    }

    fn material(&self, code: &str) -> Option<Arc<Material>> {
        let code = MaterialCode::parse(code).ok()?;
        self.catalog.material(&code)
    }
}

fn row_of_region(conn: &mut Connection, scope: &Scope) -> Result<BreakdownRow, DatabaseError> {
    let cell = store::cells(conn, scope, By::Region, None)?.into_values().next();
    let reports = store::reports(conn, scope, By::Region)?.into_values().next();
    let pickups = store::pickups(conn, scope, By::Region)?.into_values().next();
    let pickups = pickups.unwrap_or_default();
    Ok(BreakdownRow {
        rupiah_paid: pickups.amount_rupiah,
        reports: Some(reports.unwrap_or_default().opened),
        pickups: Some(pickups.pickups),
        households: Some(store::active(conn, scope, Role::Household)?),
        active_collectors: Some(store::active(conn, scope, Role::Collector)?),
        ..BreakdownRow::of(scope.region.to_string(), cell.unwrap_or_default())
    })
}

fn by_collector_kind(
    conn: &mut Connection,
    scope: &Scope,
) -> Result<Vec<BreakdownRow>, DatabaseError> {
    let mut cells = store::cells(conn, scope, By::CollectorKind, None)?;
    let pickups = store::pickups(conn, scope, By::CollectorKind)?;
    let row = |(kind, sums): (String, Pickups)| BreakdownRow {
        rupiah_paid: sums.amount_rupiah,
        pickups: Some(sums.pickups),
        ..BreakdownRow::of(kind.clone(), cells.remove(&kind).unwrap_or_default())
    };
    Ok(pickups.into_iter().map(row).collect())
}
