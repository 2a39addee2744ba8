import type { Tx } from "@/lib/db/client"
import { type Query, queryIn, type Statement } from "@/lib/db/query"
import type { DueCause } from "./make-due"

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

/** What the columns are for a card that works. */
export const NO_FAILURES = {
  failures: 0,
  failedFingerprint: null,
  failedAt: null,
  suspendedAt: null,
} as const

/** What the columns are for a pool that isn't to be topped up. */
export const NOT_DUE = { dueAt: null, dueCause: null, dueNeedsNanos: null } as const

/** What the columns are while nothing but its own rules keeps a pool from being topped up. */
export const NOT_PAUSED = { pausedAt: null, pausedReason: null, pausedBy: null } as const

/**
 * Takes the pool's lock, which comes before that of its settings wherever both are needed. False when the team has no such
 * pool.
 */
export async function lockPool(tx: Tx, { teamId, poolId }: PoolRef): Promise<boolean> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM pools WHERE team_id = ${teamId}::uuid AND id = ${poolId}::uuid FOR NO KEY UPDATE`
  return locked.length > 0
}

/** As if it had been saved off: what holds for a pool for which nobody ever saved any. */
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

const SETTINGS_COLUMNS = `enabled, threshold_nanos AS "thresholdNanos", amount_nanos AS "amountNanos", version,
  allowed_by_member_id AS "allowedByMemberId", failures, failed_fingerprint AS "failedFingerprint",
  failed_at AS "failedAt", suspended_at AS "suspendedAt", due_at AS "dueAt", due_cause AS "dueCause",
  due_needs_nanos AS "dueNeedsNanos", paused_at AS "pausedAt", paused_reason AS "pausedReason"`

const READ_SETTINGS: Statement = {
  name: "auto_top_up_settings",
  text: `SELECT ${SETTINGS_COLUMNS} FROM auto_top_up_settings WHERE team_id = $1::uuid AND pool_id = $2::uuid`,
}
const LOCK_SETTINGS: Statement = {
  name: "auto_top_up_settings_locked",
  text: `${READ_SETTINGS.text} FOR UPDATE`,
}

/** A pool's settings, or null if nobody ever saved any. `isLocked`: until the transaction ends nobody changes them. */
export async function readSettings(
  query: Query,
  { teamId, poolId }: PoolRef,
  { isLocked = false } = {},
): Promise<StoredSettings | null> {
  const statement = isLocked ? LOCK_SETTINGS : READ_SETTINGS
  const [row] = await query<StoredSettings>(statement, [teamId, poolId])
  if (!row) return null
  const { thresholdNanos, amountNanos, dueNeedsNanos } = row
  return {
    ...row,
    thresholdNanos: BigInt(thresholdNanos),
    amountNanos: BigInt(amountNanos),
    dueNeedsNanos: dueNeedsNanos === null ? null : BigInt(dueNeedsNanos),
  }
}

/** A pool's settings, locked until the transaction ends, or null if nobody ever saved any. */
export function lockSettings(tx: Tx, ref: PoolRef): Promise<StoredSettings | null> {
  return readSettings(queryIn(tx), ref, { isLocked: true })
}

/** The settings of all pools of a team, locked always in this order, so that two that fail at once don't wait for each other. */
export async function lockAllSettings(tx: Tx, teamId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM auto_top_up_settings WHERE team_id = ${teamId}::uuid ORDER BY pool_id FOR UPDATE`
}

export type StoredCap = { capNanos: bigint | null; version: number }

/** The team's cap; null for a team that is gone. Until the transaction ends no other top-up of the team counts on what is left of it. */
export async function lockCap(tx: Tx, teamId: string): Promise<StoredCap | null> {
  const [cap] = await tx.$queryRaw<StoredCap[]>`
    SELECT c.cap_nanos AS "capNanos", c.version FROM spend_caps c JOIN teams t ON t.id = c.team_id
    WHERE c.team_id = ${teamId}::uuid AND t.deleted_at IS NULL FOR UPDATE OF c`
  return cap ?? null
}

/** What auto top-ups of the team have charged in the month (UTC) of this time, with what is under way. */
export async function readCommitted(tx: Tx, teamId: string, now: Date): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ nanos: bigint }[]>`
    SELECT auto_top_up_committed(${teamId}::uuid, ${now}::timestamptz) AS nanos`
  if (!row) throw new Error("auto_top_up_committed answered nothing")
  return row.nanos
}

/** A top-up that isn't over: at most one of a pool. */
export type OpenTopUp = {
  teamId: string
  poolId: string
  purchaseId: string
  amountNanos: bigint
  paymentIntentId: string | null
  paymentMethodId: string
  needsAuthentication: boolean
  isProcessing: boolean
  createdAt: Date
  expiresAt: Date
}

/** Of a purchase `o`. */
export const IS_OPEN = `o.kind = 'auto_top_up' AND o.status IN ('created', 'open', 'processing')`
export const OPEN_COLUMNS = `o.id AS "purchaseId", o.amount_nanos AS "amountNanos",
  o.payment_intent_id AS "paymentIntentId", o.payment_method_id AS "paymentMethodId",
  o.needs_authentication AS "needsAuthentication", o.status = 'processing' AS "isProcessing",
  o.created_at AS "createdAt", o.expires_at AS "expiresAt"`

const FIND_OPEN: Statement = {
  name: "auto_top_up_find_open",
  text: `SELECT ${OPEN_COLUMNS} FROM purchases o WHERE o.team_id = $1::uuid AND o.pool_id = $2::uuid AND ${IS_OPEN}`,
}

export async function findOpenTopUp(query: Query, ref: PoolRef): Promise<OpenTopUp | null> {
  const [row] = await query<Omit<OpenTopUp, "teamId" | "poolId">>(FIND_OPEN, [ref.teamId, ref.poolId])
  return row ? toOpen({ ...ref, ...row }) : null
}

/** From a row, whose amount is a text or a bigint, by who read it. */
export function toOpen(row: OpenTopUp): OpenTopUp {
  const { teamId, poolId, purchaseId, amountNanos, paymentIntentId, paymentMethodId } = row
  const { needsAuthentication, isProcessing, createdAt, expiresAt } = row
  if (!paymentMethodId) throw new Error("A top-up names what it charges")
  return {
    teamId,
    poolId,
    purchaseId,
    amountNanos: BigInt(amountNanos),
    paymentIntentId,
    paymentMethodId,
    needsAuthentication,
    isProcessing,
    createdAt,
    expiresAt,
  }
}
