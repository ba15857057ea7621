use database::{Connection, Database};
use primitives::{Grams, Invalid, Language, Milliliters, Pieces, Quantity, Unit};
use proptest::prelude::*;
use test_kit::on_each_engine;

use super::*;

fn code(text: &str) -> MaterialCode {
    MaterialCode::parse(text).unwrap()
}

fn grams(grams: i64) -> Grams {
    Grams::parse(grams).unwrap()
}

fn with_reference_data(test: impl Fn(&Database, Catalog)) {
    on_each_engine(&[MIGRATIONS], |database| {
        assert_eq!(database.write_blocking(load_reference_data_in).unwrap(), 17 + 53 + 10);
        test(database, database.read_blocking(Catalog::load).unwrap());
    });
}

#[test]
fn reference_data_is_complete() {
    with_reference_data(|_database, catalog| {
        let pet = catalog.material(&code("PLA-PET-BENING")).unwrap();
        assert_eq!(
            pet.name(Language::Indonesian),
            "Botol PET bening bersih (tanpa tutup dan label)"
        );
        assert_eq!(pet.group(Language::English), "Plastic");
        assert_eq!((pet.unit, pet.loose_density_kg_m3, pet.accepted), (Unit::Kg, Some(21), true));
        let factor = pet.emission_factor.clone().unwrap();
        assert_eq!((factor.grams_co2e_per_kg, factor.set.as_str()), (1_146, "EPA WARM v16 (2023)"));
        let band = pet.reference_price.unwrap();
        assert_eq!((band.min.get(), band.max.get()), (2_500, 5_000));
        assert_eq!(catalog.material(&code("ORG-KAYU")).unwrap().reference_price, None);
        assert_eq!(catalog.material(&code("B3-AKI")).unwrap().emission_factor, None);

        let betor = catalog.vehicle(&VehicleCode::parse("BETOR").unwrap()).unwrap();
        assert_eq!(
            (betor.capacity_grams.get(), betor.capacity_milliliters.get()),
            (250_000, 800_000)
        );
        assert_eq!((betor.speed_kmh_urban, betor.detour_percent), (20, 135));
        assert_eq!(catalog.vehicles().len(), 10);
    });
}

#[test]
fn hazardous_and_electronic_waste_is_never_accepted() {
    with_reference_data(|_database, catalog| {
        assert!(catalog.accepted(&code("PLA-PET-BENING")).is_ok());
        assert_eq!(catalog.accepted(&code("NO-SUCH")), Err(Invalid("material_unknown")));
        let refused: Vec<String> = catalog
            .materials()
            .iter()
            .filter(|it| catalog.accepted(&it.code) == Err(Invalid("material_not_accepted")))
            .map(|it| it.code.to_string())
            .collect();
        assert_eq!(refused, ["B3-AKI", "ELK-CAMPUR", "RES-LAINNYA"]);
    });
}

#[test]
fn bottles_and_liters_have_a_weight() {
    with_reference_data(|_database, catalog| {
        let weight =
            |text: &str, quantity| grams_of(&catalog.material(&code(text)).unwrap(), quantity);
        let pieces = Quantity::Pieces(Pieces::parse(12).unwrap());
        assert_eq!(weight("KCA-BOTOL-BIR", pieces), grams(6_000));
        let oil = |milliliters| Quantity::Milliliters(Milliliters::parse(milliliters).unwrap());
        assert_eq!(weight("MNY-JELANTAH", oil(1_500)), grams(1_350));
        assert_eq!(weight("MNY-JELANTAH", oil(1)), grams(1));
        assert_eq!(weight("LGM-BESI", Quantity::Grams(grams(7))), grams(7));
    });
}

#[test]
fn a_three_wheeler_is_full_at_26_kg_of_loose_bottles() {
    with_reference_data(|_database, catalog| {
        let pet = catalog.material(&code("PLA-PET-BENING")).unwrap();
        let three_wheeler = VehicleCode::parse("MOTOR_RODA_TIGA_150").unwrap();
        let room = catalog.vehicle(&three_wheeler).unwrap().capacity_milliliters;
        assert!(milliliters_of(&pet, grams(26_000)) <= room);
        assert!(milliliters_of(&pet, grams(27_000)) > room);
        let unmeasured = catalog.material(&code("LGM-TEMBAGA")).unwrap();
        assert_eq!(milliliters_of(&unmeasured, grams(1_000)).get(), 10_000);
    });
}

#[test]
fn loading_twice_changes_nothing_and_keeps_imported_prices() {
    with_reference_data(|database, catalog| {
        let csv = "material,min_rupiah,max_rupiah\nLGM-BESI, 3000 ,3500\nORG-KAYU,0,100\n";
        assert_eq!(database.write_blocking(move |conn| import_prices_in(conn, csv)).unwrap(), 2);
        assert_eq!(database.write_blocking(load_reference_data_in).unwrap(), 0);
        let reload = |catalog: Catalog| {
            database.read_blocking(move |conn| catalog.reload_if_changed(conn)).unwrap()
        };
        assert!(reload(catalog.clone()));
        assert!(!reload(catalog.clone()));
        let price = catalog.material(&code("LGM-BESI")).unwrap().reference_price.unwrap();
        assert_eq!((price.min.get(), price.max.get()), (3_000, 3_500));
        assert!(catalog.material(&code("ORG-KAYU")).unwrap().reference_price.is_some());
    });
}

#[test]
fn wrong_prices_are_all_named_and_none_is_written() {
    with_reference_data(|database, catalog| {
        let csv = "material,min_rupiah,max_rupiah\nLGM-BESI,3000,3500\nLGM-BESI,3000,3500\n\
                   NO-SUCH,1,2\nLGM-SENG,5,4\nLGM-KABEL,1,1000001\n";
        let import = move |conn: &mut Connection| import_prices_in(conn, csv);
        let refused = database.write_blocking(import).unwrap_err();
        assert!(refused.to_string().contains("row 3, NO-SUCH: this material is not known"));
        let ImportError::Refused(complaints) = refused else { panic!("another error") };
        let faults: Vec<Fault> = complaints.into_iter().map(|it| it.fault).collect();
        let expected = [
            Fault::MaterialTwice,
            Fault::MaterialUnknown,
            Fault::UpsideDown,
            Fault::PriceOutOfRange,
        ];
        assert_eq!(faults, expected);
        assert!(!database.read_blocking(move |conn| catalog.reload_if_changed(conn)).unwrap());
    });
}

#[test]
fn what_is_no_price_list_is_unreadable() {
    with_reference_data(|database, _catalog| {
        for csv in
            ["material,price\nLGM-BESI,1\n", "material,min_rupiah,max_rupiah\nLGM-BESI,1.5,2\n"]
        {
            let refused = database.write_blocking(move |conn| import_prices_in(conn, csv));
            assert!(matches!(refused, Err(ImportError::Unreadable(_))), "{csv}");
        }
    });
}

#[test]
fn every_field_text_is_in_both_languages() {
    assert_eq!(TEXTS.keys(Language::Indonesian), TEXTS.keys(Language::English));
}

fn material(grams_per_unit: i64, density: Option<i64>) -> Material {
    Material {
        code: code("X"),
        name_id: String::new(),
        name_en: String::new(),
        group_id: String::new(),
        group_en: String::new(),
        sipsn_category: String::new(),
        unit: Unit::Piece,
        grams_per_unit,
        reference_price: None,
        loose_density_kg_m3: density,
        emission_factor: None,
        accepted: true,
    }
}

proptest! {
    #[test]
    fn volume_never_falls_short(weight in 0i64..=1_000_000_000, density in prop::option::of(1i64..25_000)) {
        let milliliters = milliliters_of(&material(1, density), grams(weight));
        let fits = milliliters.get() * density.unwrap_or(100) >= weight * 1_000;
        prop_assert!(fits || milliliters == Milliliters::MAX);
    }

    #[test]
    fn more_never_weighs_less(few in 0i64..500_000, more in 0i64..500_000, each in 1i64..1_000_000) {
        let weight = |count| {
            grams_of(&material(each, None), Quantity::Pieces(Pieces::parse(count).unwrap()))
        };
        prop_assert!(weight(few) <= weight(few + more));
    }
}
