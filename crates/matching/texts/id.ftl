report_not_instant = Warga memilih di antara penawaran
    .detail = Buatlah penawaran; warga yang menentukan penawaran siapa yang diambil.
report_not_choose = Laporan ini untuk yang pertama menerima
    .detail = Terimalah dengan harga di daftar Anda, tanpa membuat penawaran.
collector_not_eligible = Laporan ini belum dapat diberikan kepada pengepul ini
    .detail = Alasannya tertulis: verifikasi, ketersediaan, bahan, jarak layanan, atau muatan kendaraan.
offer_already_pending = Anda sudah membuat penawaran
    .detail = Tarik dahulu penawaran itu sebelum membuat yang baru, atau tunggu jawaban warga.
offer_outdated = Laporan sudah berubah sejak penawaran dibuat
    .detail = Tunggulah penawaran baru untuk laporan yang sekarang.

field-material_not_in_report = Bahan ini tidak ada dalam laporan.
field-material_doubled = Bahan ini sudah disebut.
field-prices_incomplete = Sebutkan harga untuk setiap bahan dalam laporan.
field-pickup_at_in_past = Waktu ini sudah lewat.
field-weight_out_of_range = Bobot satu bagian antara 0 dan 60 persen.
field-weights_not_whole = Bobot semua bagian harus tepat 100 persen.
field-pickup_at_too_far = Tawarkan waktu dalam 14 hari ke depan.
