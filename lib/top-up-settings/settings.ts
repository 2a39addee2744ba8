import type { Tx } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import type { Read } from "@/lib/db/read-together"

/** The causes that make a pool due. Money taken back is none of them: a refund or dispute never starts a charge. */
export type DueCause = "usage" | "refusal" | "save" | "new_card"

export type PoolRef = { teamId: string; poolId: string }

export type StoredSettings = {
  enabled: boolean
  thresholdNanos: bigint
  amountNanos: bigint
  version: number
  allowedByMemberId: string
  failures: number
  failedFingerprint: string | null
  failedAt: Date | null
  suspendedAt: Date | null
  dueAt: Date | null
  dueCause: DueCause | null
  dueNeedsNanos: bigint | null
  pausedAt: Date | null
  pausedReason: "dispute" | null
}

/** The columns of a card that works. */
export const NO_FAILURES = {
  failures: 0,
  failedFingerprint: null,
  failedAt: null,
  suspendedAt: null,
} as const

/** The columns of a pool that isn't to be topped up. */
export const NOT_DUE = { dueAt: null, dueCause: null, dueNeedsNanos: null } as const

/** The columns of a pool that nothing but its own rules keeps from being topped up. */
export const NOT_PAUSED = { pausedAt: null, pausedReason: null, pausedBy: null } as const

/** Locks the pool, always before its settings. False when the team has no such pool. */
export async function lockPool(tx: Tx, { teamId, poolId }: PoolRef): Promise<boolean> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM pools WHERE team_id = ${teamId}::uuid AND id = ${poolId}::uuid FOR NO KEY UPDATE`
  return locked.length > 0
}

/** Holds for a pool for which nobody ever saved any: the same as saved off. */
export const NEVER_SAVED: Omit<StoredSettings, "allowedByMemberId"> = {
  enabled: false,
  thresholdNanos: 0n,
  amountNanos: 0n,
  version: 0,
  ...NO_FAILURES,
  ...NOT_DUE,
  pausedAt: null,
  pausedReason: null,
}

const SETTINGS_COLUMNS = `enabled, threshold_nanos::text AS "thresholdNanos", amount_nanos::text AS "amountNanos", version,
  allowed_by_member_id AS "allowedByMemberId", failures, failed_fingerprint AS "failedFingerprint",
  failed_at AS "failedAt", suspended_at AS "suspendedAt", due_at AS "dueAt", due_cause AS "dueCause",
  due_needs_nanos::text AS "dueNeedsNanos", paused_at AS "pausedAt", paused_reason AS "pausedReason"`

const READ_SETTINGS: Statement = {
  name: "auto_top_up_settings",
  text: `SELECT ${SETTINGS_COLUMNS} FROM auto_top_up_settings WHERE team_id = $1::uuid AND pool_id = $2::uuid`,
}
const LOCK_SETTINGS: Statement = {
  name: "auto_top_up_settings_locked",
  text: `${READ_SETTINGS.text} FOR UPDATE`,
}

/** Returns a pool's settings, or null if nobody ever saved any. `isLocked`: nobody changes them until the transaction ends. */
export async function readSettings(
  query: Query,
  { teamId, poolId }: PoolRef,
  { isLocked = false } = {},
): Promise<StoredSettings | null> {
  const statement = isLocked ? LOCK_SETTINGS : READ_SETTINGS
  const [row] = await query<Row>(statement, [teamId, poolId])
  return row ? toSettings(row) : null
}

/** Reads a pool's settings together with other things. */
export const settingsRead = ({ teamId, poolId }: PoolRef): Read<StoredSettings | null> => ({
  rows: Prisma.sql`SELECT ${Prisma.raw(SETTINGS_COLUMNS)} FROM auto_top_up_settings
    WHERE team_id = ${teamId}::uuid AND pool_id = ${poolId}::uuid`,
  toValue: ([row]: Row[]) => (row ? toSettings(row) : null),
})

type Nanos = "thresholdNanos" | "amountNanos"
type Instants = "failedAt" | "suspendedAt" | "dueAt" | "pausedAt"
/** Times are text where they came as JSON. */
type Row = Omit<StoredSettings, Nanos | Instants | "dueNeedsNanos"> &
  Record<Nanos, string> &
  Record<Instants, Date | string | null> & { dueNeedsNanos: string | null }

function toSettings(row: Row): StoredSettings {
  const at = (value: Date | string | null) => (value === null ? null : new Date(value))
  return {
    ...row,
    thresholdNanos: BigInt(row.thresholdNanos),
    amountNanos: BigInt(row.amountNanos),
    dueNeedsNanos: row.dueNeedsNanos === null ? null : BigInt(row.dueNeedsNanos),
    failedAt: at(row.failedAt),
    suspendedAt: at(row.suspendedAt),
    dueAt: at(row.dueAt),
    pausedAt: at(row.pausedAt),
  }
}

/** Returns a pool's settings, locked until the transaction ends, or null if nobody ever saved any. */
export function lockSettings(tx: Tx, ref: PoolRef): Promise<StoredSettings | null> {
  return readSettings(queryIn(tx), ref, { isLocked: true })
}

/** Locks the settings of all pools of a team, always in one order, so that two that fail at once never wait for each other. */
export async function lockAllSettings(tx: Tx, teamId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM auto_top_up_settings WHERE team_id = ${teamId}::uuid ORDER BY pool_id FOR UPDATE`
}

export type StoredCap = { capNanos: bigint | null; version: number }

/** Returns the team's cap, locked, so that no other top-up counts on what is left of it. Null for a team that is gone. */
export async function lockCap(tx: Tx, teamId: string): Promise<StoredCap | null> {
  const [cap] = await tx.$queryRaw<StoredCap[]>`
    SELECT c.cap_nanos AS "capNanos", c.version FROM spend_caps c JOIN teams t ON t.id = c.team_id
    WHERE c.team_id = ${teamId}::uuid AND t.deleted_at IS NULL FOR UPDATE OF c`
  return cap ?? null
}

/** Returns what auto top-ups of the team have charged in this month (UTC), including what is under way. */
export async function readCommitted(tx: Tx, teamId: string, now: Date): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ nanos: bigint }[]>`
    SELECT auto_top_up_committed(${teamId}::uuid, ${now}::timestamptz) AS nanos`
  if (!row) throw new Error("auto_top_up_committed answered nothing")
  return row.nanos
}
