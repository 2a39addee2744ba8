-- Refuses a purchase whose refunds and disputes haven't taken back exactly what they claim: each at most its own
-- amount, all together at most what was captured. Refuses one that is credited while a refund or dispute of its
-- payment still waits for it.
-- A payment with tax in it gives back credits in the proportion in which credits were paid for.
CREATE OR REPLACE FUNCTION clawbacks_check_purchase(p_team uuid, p_purchase uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  purchase purchases;
  claims record;
  paid bigint;
  owed bigint;
BEGIN
  SELECT * INTO purchase FROM purchases WHERE team_id = p_team AND id = p_purchase;
  paid := coalesce(purchase.paid_nanos, purchase.captured_nanos, 0);
  SELECT coalesce(sum(c.claimed), 0) AS claimed, coalesce(sum(c.taken), 0) AS taken,
      coalesce(sum(clawbacks_share(c.claimed, purchase.captured_nanos, paid)), 0) AS share,
      coalesce(bool_or(c.taken NOT BETWEEN 0 AND c.claimed), false) AS wrong
    INTO claims FROM (
      SELECT CASE WHEN r.status IN ('failed', 'canceled') THEN 0 ELSE r.amount_nanos END AS claimed,
        coalesce((SELECT sum(b.amount_nanos) FROM clawbacks b
          WHERE b.team_id = p_team AND b.purchase_id = p_purchase AND b.refund_id = r.id), 0) AS taken
        FROM refunds r WHERE r.team_id = p_team AND r.purchase_id = p_purchase
      UNION ALL
      SELECT CASE WHEN d.status IN ('open', 'lost') THEN d.amount_nanos ELSE 0 END,
        coalesce((SELECT sum(b.amount_nanos) FROM clawbacks b
          WHERE b.team_id = p_team AND b.purchase_id = p_purchase AND b.dispute_id = d.id), 0)
        FROM disputes d WHERE d.team_id = p_team AND d.purchase_id = p_purchase
    ) c;
  -- Claims of all that was paid take all credits, whatever each share was rounded to.
  owed := coalesce(purchase.captured_nanos, 0);
  IF claims.claimed < paid THEN owed := least(owed, claims.share); END IF;
  IF claims.wrong OR claims.taken <> purchase.taken_back_nanos OR claims.taken <> owed THEN
    RAISE EXCEPTION 'purchase %: refunds and disputes claim %, have taken %, and are counted as %',
      p_purchase, claims.claimed, claims.taken, purchase.taken_back_nanos USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (
      SELECT 1 FROM refunds r
      WHERE r.team_id = p_team AND r.purchase_id IS NULL AND r.payment_intent_id = purchase.payment_intent_id
    ) OR EXISTS (
      SELECT 1 FROM disputes d
      WHERE d.team_id = p_team AND d.purchase_id IS NULL AND d.payment_intent_id = purchase.payment_intent_id
    ) THEN
    RAISE EXCEPTION 'purchase % was credited and money that left again still waits', p_purchase
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END $$;
