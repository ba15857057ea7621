place_outside_regions = Tempat ini di luar wilayah layanan
    .detail = Tidak ada desa atau kelurahan yang kami kenal di dekat titik ini. Periksa letak pin.

field-place_outside_regions = Tidak ada desa atau kelurahan yang kami kenal di dekat titik ini.
field-region_unknown = Wilayah ini tidak dikenal.
