import type { Tx } from "@/lib/db/client"
import type { EntryKind, GrantKind } from "@/lib/db/generated/enums"

/** Each source's name in the grants and in the entries, and its place in the waterfall. */
export const CREDIT_SOURCES = {
  included: { grantKind: "included", entryKind: "included_grant", priority: 10 },
  promotion: { grantKind: "promotion", entryKind: "promotion", priority: 20 },
  purchase: { grantKind: "purchase", entryKind: "purchase", priority: 30 },
  auto_top_up: { grantKind: "auto_top_up", entryKind: "auto_top_up", priority: 30 },
} as const satisfies Record<GrantKind, { grantKind: GrantKind; entryKind: EntryKind; priority: number }>

export const INCLUDED_PRIORITY = CREDIT_SOURCES.included.priority

export type CreditPosting = {
  teamId: string
  poolId: string
  source: GrantKind
  amountNanos: bigint
  /** The id of the committed row that gives the credits. The same cause is credited once. */
  causeId: string
  occurredAt: Date
  /** Null: never. Only included and promotional credits may expire. */
  expiresAt?: Date | null
  detail?: string | null
}

/**
 * Adds credits to a pool: one grant and one entry, after repaying any debt. A cause that was already credited changes
 * nothing and returns the first result.
 */
export async function postCredit(
  tx: Tx,
  posting: CreditPosting,
): Promise<{ balanceAfterNanos: bigint; replayed: boolean }> {
  const { grantKind, entryKind, priority } = CREDIT_SOURCES[posting.source]
  const [row] = await tx.$queryRaw<{ balance_after_nanos: bigint; replayed: boolean }[]>`
    SELECT balance_after_nanos, replayed FROM ledger_credit(
      ${posting.teamId}::uuid, ${posting.poolId}::uuid, ${entryKind}::entry_kind, ${grantKind}::grant_kind,
      ${priority}::smallint, ${posting.amountNanos}::bigint, ${posting.causeId}::uuid, ${posting.occurredAt}::timestamptz,
      ${posting.expiresAt ?? null}::timestamptz, ${posting.detail ?? null}::text)`
  if (!row) throw new Error("ledger_credit answered nothing")
  return { balanceAfterNanos: row.balance_after_nanos, replayed: row.replayed }
}
