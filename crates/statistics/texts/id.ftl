field-date_malformed = Tulis tanggal seperti 2026-03-02.
field-period_reversed = Tanggal akhir tidak boleh sebelum tanggal awal.
field-period_too_long = Rentang waktu paling lama tiga tahun.
field-material_not_for_metric = Bahan hanya bisa dipilih untuk berat dan jumlah uang.
