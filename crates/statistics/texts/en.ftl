field-date_malformed = Write a date such as 2026-03-02.
field-period_reversed = The last day cannot be before the first.
field-period_too_long = A period is three years at most.
field-material_not_for_metric = A material can be chosen for weights and amounts only.
