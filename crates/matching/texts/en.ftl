report_not_instant = The household chooses among offers
    .detail = Make an offer; the household decides whose it takes.
report_not_choose = This report goes to the first who accepts
    .detail = Accept it at your listed prices instead of making an offer.
collector_not_eligible = This report cannot go to this collector now
    .detail = The reason says why: verification, availability, materials, radius, or room on the vehicle.
offer_already_pending = You have made an offer already
    .detail = Withdraw it before you make another one, or wait for the household.
offer_outdated = The report has changed since the offer was made
    .detail = Wait for a new offer on the report as it is now.

field-material_not_in_report = This material is not in the report.
field-material_doubled = This material has been named before.
field-prices_incomplete = Name a price for every material of the report.
field-pickup_at_in_past = This time has passed already.
field-weight_out_of_range = A part counts 0 to 60 percent.
field-weights_not_whole = All parts together must count exactly 100 percent.
field-pickup_at_too_far = Offer a time within the next 14 days.
