place_outside_regions = This place is outside the area served
    .detail = No desa or kelurahan that we know lies near this point. Check where the pin is.

field-place_outside_regions = No desa or kelurahan that we know lies near this point.
field-region_unknown = This region is not known.
