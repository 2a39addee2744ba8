import { Prisma } from "@/lib/db/generated/client"
import type { Plan, SubscriptionStatus, Withheld } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import type { Read } from "@/lib/db/read-together"
import type { TeamTerms } from "./terms-at"

const TERMS = `SELECT t.plan, t.period_anchor, s.plan AS subscribed_plan, s.status, s.billing_anchor, s.period_starts_at, s.period_ends_at,
    s.cancel_at, s.has_scheduled_change, s.period_withheld, s.is_collection_paused
    FROM teams t LEFT JOIN subscriptions s ON s.team_id = t.id WHERE t.deleted_at IS NULL AND t.id =`

const READ_TERMS: Statement = { name: "teams_read_terms", text: `${TERMS} $1::uuid` }

type Row = { plan: Plan; period_anchor: Date } & (
  | { subscribed_plan: null }
  | {
      subscribed_plan: Plan
      status: SubscriptionStatus
      billing_anchor: Date
      period_starts_at: Date
      period_ends_at: Date
      cancel_at: Date | null
      has_scheduled_change: boolean
      period_withheld: Withheld | null
      is_collection_paused: boolean
    }
)

/** Returns the facts that decide the team's plan and period now. Null if there is no such team. */
export async function readTeamTerms(query: Query, teamId: string): Promise<TeamTerms | null> {
  const [row] = await query<Row>(READ_TERMS, [teamId])
  return row ? toTerms(row) : null
}

/** The same beside other reads. */
export const teamTermsRead = (teamId: string): Read<TeamTerms | null> => ({
  rows: Prisma.sql`${Prisma.raw(TERMS)} ${teamId}::uuid`,
  toValue: ([row]: Row[]) => (row ? toTerms(row) : null),
})

/** Times may be texts. */
function toTerms(row: Row): TeamTerms {
  const subscription =
    row.subscribed_plan === null
      ? null
      : {
          plan: row.subscribed_plan,
          status: row.status,
          billingAnchor: new Date(row.billing_anchor),
          periodStartsAt: new Date(row.period_starts_at),
          periodEndsAt: new Date(row.period_ends_at),
          cancelAt: row.cancel_at && new Date(row.cancel_at),
          hasScheduledChange: row.has_scheduled_change,
          periodWithheld: row.period_withheld,
          isCollectionPaused: row.is_collection_paused,
        }
  return { plan: row.plan, periodAnchor: new Date(row.period_anchor), subscription }
}
