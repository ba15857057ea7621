//! What people and their trades are called.

/// First words of households' names.
pub(super) const GIVEN: [&str; 24] = [
    "Siti",
    "Budi",
    "Rina",
    "Agus",
    "Dewi",
    "Joko",
    "Sri",
    "Andi",
    "Lina",
    "Hasan",
    "Maria",
    "Togar",
    "Rosmawati",
    "Parlindungan",
    "Fitri",
    "Rahmat",
    "Nurhayati",
    "Jonson",
    "Ani",
    "Suwarno",
    "Tiurma",
    "Iwan",
    "Yuni",
    "Bambang",
];

/// Last words; mononyms are common.
pub(super) const FAMILY: [&str; 12] = [
    "", "Sitepu", "Ginting", "Lubis", "Harahap", "Siregar", "", "Nasution", "Tarigan", "Saragih",
    "", "Purba",
];

/// What a collector paints on his sign, before the place's name.
pub(super) const SIGNS: [&str; 5] = ["Botot", "Bank Sampah", "Bank Sampah Induk", "TPS3R", "TPST"];

/// What everybody knows in a village.
pub(super) const LANDMARKS: [&str; 8] = [
    "depan masjid",
    "sebelah gereja HKBP",
    "samping kantor desa",
    "belakang pajak pagi",
    "dekat SD negeri",
    "simpang tiga",
    "depan warung kopi",
    "ujung gang",
];
