use std::{collections::BTreeMap, ops::Bound, sync::Arc};

use arc_swap::ArcSwap;
use database::{Connection, DatabaseError};
use primitives::{Invalid, Language};

use crate::{Material, MaterialCode, Vehicle, VehicleCode, store};

/// Materials and vehicles in memory. Cheap to clone; every clone sees what a reload brings.
#[derive(Clone)]
pub struct Catalog(Arc<ArcSwap<Shelves>>);

struct Shelves {
    version: i64,
    materials: BTreeMap<MaterialCode, Arc<Material>>,
    vehicles: BTreeMap<VehicleCode, Arc<Vehicle>>,
}

impl Catalog {
    /// Reads everything.
    pub fn load(conn: &mut Connection) -> Result<Self, DatabaseError> {
        Ok(Self(Arc::new(ArcSwap::from_pointee(Shelves::read(conn)?))))
    }

    /// Reads everything again when an import, here or in another process, has changed something.
    pub fn reload_if_changed(&self, conn: &mut Connection) -> Result<bool, DatabaseError> {
        let changed = store::version_in(conn)? != self.0.load().version;
        if changed {
            self.0.store(Arc::new(Shelves::read(conn)?));
        }
        Ok(changed)
    }

    /// The material with this code.
    pub fn material(&self, code: &MaterialCode) -> Option<Arc<Material>> {
        self.0.load().materials.get(code).cloned()
    }

    /// The material with this code, if there is one and it may be offered.
    pub fn accepted(&self, code: &MaterialCode) -> Result<Arc<Material>, Invalid> {
        let material = self.material(code).ok_or(Invalid("material_unknown"))?;
        if material.accepted { Ok(material) } else { Err(Invalid("material_not_accepted")) }
    }

    /// All materials, in the order of codes.
    pub fn materials(&self) -> Vec<Arc<Material>> {
        self.0.load().materials.values().cloned().collect()
    }

    /// The vehicle with this code.
    pub fn vehicle(&self, code: &VehicleCode) -> Option<Arc<Vehicle>> {
        self.0.load().vehicles.get(code).cloned()
    }

    /// All vehicles, in the order of codes.
    pub fn vehicles(&self) -> Vec<Arc<Vehicle>> {
        self.0.load().vehicles.values().cloned().collect()
    }

    /// At most `limit` materials after a code.
    pub(crate) fn materials_after(
        &self,
        after: Option<&MaterialCode>,
        limit: usize,
    ) -> Vec<Arc<Material>> {
        page(&self.0.load().materials, after, limit)
    }

    /// At most `limit` vehicles after a code.
    pub(crate) fn vehicles_after(
        &self,
        after: Option<&VehicleCode>,
        limit: usize,
    ) -> Vec<Arc<Vehicle>> {
        page(&self.0.load().vehicles, after, limit)
    }

    /// Changes with every change of a material, and differs between languages.
    pub(crate) fn version_in(&self, language: Language) -> i64 {
        self.0.load().version * 2 + i64::from(language == Language::English)
    }
}

impl Shelves {
    fn read(conn: &mut Connection) -> Result<Self, DatabaseError> {
        // Read first: a change in between is then seen as a change at the next look.
        let version = store::version_in(conn)?;
        let (materials, vehicles) = (store::materials_in(conn)?, store::vehicles_in(conn)?);
        Ok(Self {
            version,
            materials: materials.into_iter().map(|it| (it.code.clone(), Arc::new(it))).collect(),
            vehicles: vehicles.into_iter().map(|it| (it.code.clone(), Arc::new(it))).collect(),
        })
    }
}

fn page<K: Ord, V>(shelf: &BTreeMap<K, Arc<V>>, after: Option<&K>, limit: usize) -> Vec<Arc<V>> {
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    shelf.range((start, Bound::Unbounded)).take(limit).map(|(_code, it)| Arc::clone(it)).collect()
}
