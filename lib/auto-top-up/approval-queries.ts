import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { type Read, readAlone } from "@/lib/db/read-together"
import type { ApprovalRule } from "./approval-rule"
import type { TopUpSettings } from "./schema"

/** A change that waits, beside what holds now. */
export type PendingApproval = {
  id: string
  /** The pool and its holder, who is null for a shared one. Null: it is about the rule. */
  pool: { id: string; holder: string | null } | null
  askedByMemberId: string
  askedBy: string
  askedAt: Date
  expiresAt: Date
  /** `now`: what holds until it is approved. Null: nothing was saved before. */
  change: {
    now: TopUpSettings | null
    nowCapNanos: bigint | null
    to: TopUpSettings & { capNanos: bigint | null }
  } | null
  aboveNanos: bigint | null
  /** True when the settings were changed since. Approving it changes nothing then. */
  isOvertaken: boolean
}

type Row = {
  ruleAboveNanos: string | null
  ruleVersion: number
  id: string | null
  poolId: string | null
  askedByMemberId: string
  askedBy: string | null
  askedAt: string
  expiresAt: string
  enabled: boolean | null
  thresholdNanos: string | null
  amountNanos: string | null
  capNanos: string | null
  aboveNanos: string | null
  nowEnabled: boolean | null
  nowThresholdNanos: string | null
  nowAmountNanos: string | null
  nowCapNanos: string | null
  holder: string | null
  isOvertaken: boolean | null
}

export type Approvals = { rule: ApprovalRule; pending: PendingApproval[] }

/** Reads the team's rule and everything that waits for approval. */
export const approvalsRead = (teamId: string, now: Date): Read<Approvals> => ({
  rows: Prisma.sql`
    SELECT r.above_nanos::text AS "ruleAboveNanos", r.version AS "ruleVersion", a.id, a.pool_id AS "poolId",
      a.asked_by_member_id AS "askedByMemberId", coalesce(u.name, u.email) AS "askedBy", a.asked_at AS "askedAt",
      a.expires_at AS "expiresAt", a.enabled, a.threshold_nanos::text AS "thresholdNanos",
      a.amount_nanos::text AS "amountNanos", a.cap_nanos::text AS "capNanos", a.above_nanos::text AS "aboveNanos",
      s.enabled AS "nowEnabled", s.threshold_nanos::text AS "nowThresholdNanos",
      s.amount_nanos::text AS "nowAmountNanos", c.cap_nanos::text AS "nowCapNanos",
      coalesce(hu.name, hu.email) AS holder,
      CASE WHEN a.pool_id IS NULL THEN a.rule_version <> r.version
        ELSE a.cap_version <> c.version OR a.settings_version <> coalesce(s.version, 0) END AS "isOvertaken"
    FROM approval_rules r
    LEFT JOIN approvals a ON a.team_id = r.team_id AND a.status = 'pending' AND a.expires_at > ${now}
    LEFT JOIN members m ON m.team_id = a.team_id AND m.id = a.asked_by_member_id
    LEFT JOIN users u ON u.id = m.user_id
    LEFT JOIN pools p ON p.team_id = a.team_id AND p.id = a.pool_id
    LEFT JOIN members hm ON hm.team_id = p.team_id AND hm.id = p.member_id
    LEFT JOIN users hu ON hu.id = hm.user_id
    LEFT JOIN spend_caps c ON c.team_id = a.team_id
    LEFT JOIN auto_top_up_settings s ON s.team_id = a.team_id AND s.pool_id = a.pool_id
    WHERE r.team_id = ${teamId}::uuid
    ORDER BY a.asked_at`,
  toValue(rows: Row[]) {
    const [first] = rows
    const rule = first
      ? { aboveNanos: nanosOf(first.ruleAboveNanos), version: first.ruleVersion }
      : { aboveNanos: null, version: 0 }
    return { rule, pending: rows.flatMap(toPending) }
  },
})

export const getApprovals = (db: Db, teamId: string, now: Date) => readAlone(db, approvalsRead(teamId, now))

const nanosOf = (text: string | null) => (text === null ? null : BigInt(text))

function toPending(row: Row): PendingApproval[] {
  const { id, poolId, holder, askedByMemberId, askedBy } = row
  if (id === null) return []
  const to = toSettings(row.enabled, row.thresholdNanos, row.amountNanos)
  const now = toSettings(row.nowEnabled, row.nowThresholdNanos, row.nowAmountNanos)
  return [
    {
      id,
      pool: poolId === null ? null : { id: poolId, holder },
      askedByMemberId,
      askedBy: askedBy ?? "Former member",
      askedAt: new Date(row.askedAt),
      expiresAt: new Date(row.expiresAt),
      change: to && {
        now,
        nowCapNanos: nanosOf(row.nowCapNanos),
        to: { ...to, capNanos: nanosOf(row.capNanos) },
      },
      aboveNanos: nanosOf(row.aboveNanos),
      isOvertaken: row.isOvertaken ?? false,
    },
  ]
}

/** They are null together. */
function toSettings(
  enabled: boolean | null,
  thresholdNanos: string | null,
  amountNanos: string | null,
): TopUpSettings | null {
  if (enabled === null || thresholdNanos === null || amountNanos === null) return null
  return { enabled, thresholdNanos: BigInt(thresholdNanos), amountNanos: BigInt(amountNanos) }
}
