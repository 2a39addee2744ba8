import type { Query, Statement } from "@/lib/db/query"
import { noteTold } from "@/lib/ledger/limits"
import { toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import { startOfMonth } from "@/lib/top-up-settings/month"
import type { LimitMark } from "./limit-book"
import type { TeamContext } from "./team-context"

const READ_SUBJECT: Statement = {
  name: "spend_limits_subject",
  text: `SELECT coalesce(u.name, u.email, k.name) AS name, l.member_id FROM spend_limits l
    LEFT JOIN members m ON m.team_id = l.team_id AND m.id = l.member_id LEFT JOIN users u ON u.id = m.user_id
    LEFT JOIN api_keys k ON k.team_id = l.team_id AND k.id = l.api_key_id
    WHERE l.team_id = $1::uuid AND l.id = $2::uuid`,
}

/**
 * Tells, once a month each, that 80% or all of a limit is used, in the transaction that uses it and under the limit's
 * lock. A member is told of their own limit, whoever's pool is drawn from.
 */
export async function tellOfLimits(
  query: Query,
  { teamId }: TeamContext,
  poolId: string,
  marks: LimitMark[],
  now: Date,
): Promise<void> {
  for (const { limit, percent } of marks) {
    await noteTold(query, teamId, limit.id, percent)
    const [row] = await query<{ name: string | null; member_id: string | null }>(READ_SUBJECT, [
      teamId,
      limit.id,
    ])
    const amount = toDecimalString(limit.amountNanos)
    await raise(
      query,
      {
        teamId,
        type: "credit_spend_limit_reached",
        poolId: limit.kind === "member" ? poolId : null,
        memberId: row?.member_id ?? null,
        cause: `${limit.id}:${startOfMonth(now).toISOString().slice(0, 7)}:${percent}:${amount}`,
        data: {
          percent,
          limit: amount,
          used: toDecimalString(limit.spentNanos + limit.heldNanos),
          of: limit.kind,
          name: row?.name ?? null,
          refuses: limit.isHard,
        },
      },
      now,
    )
  }
}
