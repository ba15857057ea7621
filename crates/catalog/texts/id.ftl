field-material_code_malformed = Tulis kode bahan seperti PLA-PET-BENING.
field-material_unknown = Bahan ini tidak dikenal.
field-material_not_accepted = Bahan ini tidak boleh dijual di sini. B3 dan elektronik hanya untuk penerima berizin.
field-material_unit = Ukur bahan ini dengan satuannya sendiri: gram, buah atau mililiter.
field-vehicle_code_malformed = Tulis kode kendaraan seperti BETOR.
field-vehicle_unknown = Kendaraan ini tidak dikenal.
