-- A team's plan, threshold, reserve, anchor, name, address and end hold from the next request.
CREATE TRIGGER teams_change_metering BEFORE UPDATE ON teams
  FOR EACH ROW
  WHEN ((OLD.plan, OLD.low_balance_threshold_nanos, OLD.owner_reserve_nanos, OLD.period_anchor, OLD.name, OLD.slug, OLD.deleted_at)
    IS DISTINCT FROM
    (NEW.plan, NEW.low_balance_threshold_nanos, NEW.owner_reserve_nanos, NEW.period_anchor, NEW.name, NEW.slug, NEW.deleted_at))
  EXECUTE FUNCTION teams_change_metering();
