-- Until when the seal of the metrological service (tera) on the scale is valid, as it says itself; null when nobody looked.
ALTER TABLE pickup_weighing ADD COLUMN scale_tera_until {{text}};
