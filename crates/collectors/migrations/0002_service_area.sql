-- Where and when a collector works besides his circle: the ring of a polygon, and shifts of the week, both as JSON.
-- Nothing means everywhere in the circle, and always.
ALTER TABLE collector ADD COLUMN service_area {{text}} CHECK (length(service_area) BETWEEN 1 AND 20000);
ALTER TABLE collector ADD COLUMN working_hours {{text}} CHECK (length(working_hours) BETWEEN 1 AND 5000);
