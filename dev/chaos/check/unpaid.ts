import type { Client } from "pg"
import { CATALOG } from "@/lib/catalog/catalog"
import type { Finding } from "./evidence"
import type { PlanInvoice } from "./invoices"

/* An unpaid period may have been used before anybody knew, but nothing may be left of it. A team that ended unpaid
   has the free plan's own allowances, so only what exceeds them counts. */
const FIND_UNPAID = `
  WITH unpaid AS (
    SELECT i.id, i.team_id, i.starts_at FROM chaos_invoices i WHERE NOT i.is_paid
      AND NOT EXISTS (SELECT 1 FROM chaos_invoices o WHERE o.team_id = i.team_id AND o.starts_at = i.starts_at AND o.is_paid)
  ), given AS (
    SELECT u.id AS invoice, d.team_id, d.pool_id, d.starts_at, d.id AS period
    FROM unpaid u JOIN periods d ON d.team_id = u.team_id AND d.starts_at = u.starts_at
  )
  SELECT 'unpaid period' AS kind, 'invoice ' || g.invoice || ' isn’t paid, and pool ' || g.pool_id || ' has ' || r.remaining_nanos || ' nanos of its included credits left' AS finding
    FROM given g JOIN grants r ON r.team_id = g.team_id AND r.pool_id = g.pool_id AND r.kind = 'included' AND r.is_open
      AND r.created_at >= g.starts_at
    JOIN pools p ON p.team_id = g.team_id AND p.id = g.pool_id AND p.period_starts_at = g.starts_at
    WHERE r.remaining_nanos > 0
  UNION ALL SELECT 'unpaid period', 'invoice ' || g.invoice || ' isn’t paid, and pool ' || g.pool_id || ' has ' || a.granted - a.used || ' of ' || a.consumable || ' left'
    FROM given g JOIN allowances a ON a.team_id = g.team_id AND a.pool_id = g.pool_id AND a.period_starts_at = g.starts_at
    WHERE a.granted > a.used AND a.granted > coalesce((SELECT f.quantity FROM chaos_free f WHERE f.consumable = a.consumable), 0)`

/** Finds what pools still have of periods that nobody paid, by Stripe's books. */
export async function findUnpaidGiven(sql: Client, invoices: PlanInvoice[]): Promise<Finding[]> {
  const free = Object.entries(CATALOG.plans.free.terms).map(([consumable, { allowanceQuantity }]) => ({
    consumable,
    quantity: String(allowanceQuantity),
  }))
  await sql.query("DROP TABLE IF EXISTS chaos_invoices, chaos_free")
  await sql.query(
    `CREATE TEMP TABLE chaos_invoices AS SELECT * FROM json_to_recordset($1::json)
      AS i (id text, team_id uuid, starts_at timestamptz, is_paid boolean)`,
    [
      JSON.stringify(
        invoices.map(({ id, teamId, startsAt, isPaid }) => ({
          id,
          team_id: teamId,
          starts_at: startsAt,
          is_paid: isPaid,
        })),
      ),
    ],
  )
  await sql.query(
    `CREATE TEMP TABLE chaos_free AS SELECT * FROM json_to_recordset($1::json) AS f (consumable text, quantity bigint)`,
    [JSON.stringify(free)],
  )
  return (await sql.query<Finding>(FIND_UNPAID)).rows
}
