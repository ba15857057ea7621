field-material_code_malformed = Write a material's code such as PLA-PET-BENING.
field-material_unknown = This material is not known.
field-material_not_accepted = This material may not be sold here. Hazardous and electronic waste is for licensed destinations only.
field-material_unit = Measure this material in its own unit: grams, pieces or milliliters.
field-vehicle_code_malformed = Write a vehicle's code such as BETOR.
field-vehicle_unknown = This vehicle is not known.
