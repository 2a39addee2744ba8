-- Whether Members see what their own usage costs. They always see it in units.
ALTER TABLE teams ADD COLUMN members_see_costs boolean NOT NULL DEFAULT false;
