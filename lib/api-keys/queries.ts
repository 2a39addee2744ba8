import type { Db } from "@/lib/db/client"
import { type ApiKeyScope, toScopes } from "./scopes"

export type ApiKey = {
  id: string
  name: string
  last4: string
  scopes: ApiKeyScope[]
  createdAt: Date
  /** Null when unknown: the key is older than this record, or the person's account is gone. */
  createdBy: { name: string; hasLeft: boolean } | null
  revokedAt: Date | null
  /** Null: never. */
  expiresAt: Date | null
  /** When its present secret was made. */
  secretSince: Date
  /** Replaced secrets that still work, the last first. */
  oldSecrets: { last4: string; worksUntil: Date }[]
  /** Exact to the minute. Null when it was never used. */
  lastUsedAt: Date | null
  /** The price of what it used since the month began in UTC, whether credits of the plan or others paid. */
  spentThisMonthNanos: bigint
  /** The most that it may spend in a month. Null: no limit. */
  limitNanos: bigint | null
}

/** Revoked keys are only a record. The latest are enough to recognise one by. */
const REVOKED_SHOWN = 20

type Row = Omit<ApiKey, "scopes" | "createdBy" | "oldSecrets"> & {
  scopes: string[]
  makerName: string | null
  makerHasLeft: boolean
  oldSecrets: { last4: string; worksUntil: string }[] | null
}

/** Lists the team's keys: the working ones, newest first, then the latest revoked. One statement. */
export async function listApiKeys(
  { db, now }: { db: Db; now: Date },
  teamId: string,
): Promise<{ keys: ApiKey[]; activeCount: number; hasMoreRevoked: boolean }> {
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
  const rows = await db.$queryRaw<Row[]>`
    WITH shown AS (
      (SELECT * FROM api_keys WHERE team_id = ${teamId}::uuid AND revoked_at IS NULL)
      UNION ALL
      (SELECT * FROM api_keys WHERE team_id = ${teamId}::uuid AND revoked_at IS NOT NULL
        ORDER BY revoked_at DESC, created_at DESC, id DESC LIMIT ${REVOKED_SHOWN + 1})
    ), spent AS (
      SELECT m.api_key_id, sum(d.credits_nanos + d.included_nanos)::bigint AS nanos
      FROM usage_days d JOIN meters m ON m.team_id = d.team_id AND m.no = d.meter_no
      WHERE d.team_id = ${teamId}::uuid AND d.day >= ${month}::date AND m.api_key_id IS NOT NULL
      GROUP BY m.api_key_id
    )
    SELECT k.id, k.name, k.last4, k.scopes, k.created_at AS "createdAt", k.revoked_at AS "revokedAt",
      k.expires_at AS "expiresAt", coalesce(k.rolled_at, k.created_at) AS "secretSince",
      u.last_used_at AS "lastUsedAt", coalesce(spent.nanos, 0) AS "spentThisMonthNanos",
      l.amount_nanos AS "limitNanos",
      coalesce(p.name, p.email) AS "makerName", m.removed_at IS NOT NULL AS "makerHasLeft",
      (SELECT json_agg(json_build_object('last4', s.last4, 'worksUntil', s.works_until) ORDER BY s.replaced_at DESC)
        FROM api_key_former_secrets s
        WHERE s.team_id = k.team_id AND s.api_key_id = k.id AND s.works_until > ${now}) AS "oldSecrets"
    FROM shown k
    LEFT JOIN members m ON m.team_id = k.team_id AND m.id = k.created_by_member_id
    LEFT JOIN users p ON p.id = m.user_id
    LEFT JOIN api_key_uses u ON u.team_id = k.team_id AND u.api_key_id = k.id
    LEFT JOIN spend_limits l ON l.team_id = k.team_id AND l.kind = 'api_key' AND l.api_key_id = k.id
    LEFT JOIN spent ON spent.api_key_id = k.id
    ORDER BY k.revoked_at DESC NULLS FIRST, k.created_at DESC, k.id DESC`
  const active = rows.filter(({ revokedAt }) => revokedAt === null)
  const revoked = rows.filter(({ revokedAt }) => revokedAt !== null)
  const keys = [...active, ...revoked.slice(0, REVOKED_SHOWN)].map(
    ({ scopes, makerName, makerHasLeft, oldSecrets, ...key }) => ({
      ...key,
      scopes: toScopes(scopes),
      createdBy: makerName === null ? null : { name: makerName, hasLeft: makerHasLeft },
      oldSecrets: (oldSecrets ?? []).map((each) => ({ ...each, worksUntil: new Date(each.worksUntil) })),
    }),
  )
  return { keys, activeCount: active.length, hasMoreRevoked: revoked.length > REVOKED_SHOWN }
}
