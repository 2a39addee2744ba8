import type { Consumable } from "@/lib/catalog/schema"
import type { Metering } from "./metering"
import type { Receipt } from "./plan-spends"
import { type Cause, meterTerms, resolvePayer } from "./resolve-payer"
import { knownMeterOf, meterOf, type TeamContext } from "./team-context"
import { limitsOf } from "./team-limits"
import { usageKey } from "./usage-key"

export type UsageReport = {
  /** Chosen by the caller, unique in the team for ever: the same key is the same usage. */
  key: string
  consumable: Consumable
  /** Scaled by the consumable's decimals, above zero. */
  quantity: bigint
  cause: Cause
  /** When it happened, if not now. It counts on that day, at today's rate, from what the pool holds today. */
  occurredAt: Date | null
  /** Kept with the record, as canonical JSON text. */
  metadata: string | null
  /** Checks again what the caller may do, if the team changed before the usage is written. */
  authorise: (team: TeamContext) => void
}

/**
 * Charges one usage record, all or nothing, durably before it returns. Throws InsufficientCreditsError when the
 * billed pool holds too little, IdempotencyKeyReusedError when the key belongs to other usage, and UnavailableError
 * when the ledger can't be reached; the same report may then be sent again and is charged once.
 */
export function reportUsage(
  metering: Metering,
  teamId: string,
  usage: UsageReport,
): Promise<{ receipt: Receipt; replayed: boolean }> {
  const { consumable, quantity, cause, occurredAt, metadata } = usage
  const { trigger, user, apiKeyId } = cause
  const asked = JSON.stringify([
    consumable,
    String(quantity),
    trigger,
    user,
    apiKeyId,
    occurredAt?.getTime() ?? null,
    metadata,
  ])
  const { key, print } = usageKey(usage.key, asked)
  const { authorise } = usage
  const place = (team: TeamContext) => {
    const { poolId, memberId } = resolvePayer(team, cause)
    const terms = meterTerms(consumable, cause, memberId)
    const request = { key, print, quantity, reportedAt: occurredAt, metadata, ...limitsOf(team, terms) }
    const meter = knownMeterOf(team, terms)
    if (meter) return { poolId, request: { ...request, meter } }
    return meterOf(metering.connections.query, team, terms).then((made) => ({
      poolId,
      request: { ...request, meter: made },
    }))
  }
  return metering.spend(teamId, { key, print, authorise, place })
}
