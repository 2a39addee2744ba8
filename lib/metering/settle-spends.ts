import { clock } from "@/lib/clock"
import type { Query } from "@/lib/db/query"
import { IdempotencyKeyReusedError, InsufficientCreditsError } from "./errors"
import type { Refusal } from "./find-refusal"
import { noteRefusals } from "./note-refusal"
import type { SpendPlan } from "./plan-spends"
import { readReceipts } from "./read-receipts"
import { type ReadyItem, type RefusedItem, type SpendItem, unavailableUnlessBug } from "./spend-item"
import { readTeamVersion, type TeamContext } from "./team-context"

/** Answers the records whose keys were used before, and returns the others. */
export async function settleKnown<Item extends SpendItem>(
  query: Query,
  teamId: string,
  items: Item[],
): Promise<Item[]> {
  if (items.length === 0) return []
  const known = await readReceipts(
    query,
    teamId,
    items.map(({ key }) => key),
  )
  return items.filter((item) => {
    const record = known.get(item.key)
    if (!record) return true
    if (record.print !== item.print) item.reject(new IdempotencyKeyReusedError())
    // A record that this process itself tried to write is no replay: its answer was lost on the way.
    else item.resolve({ receipt: record.receipt, replayed: !item.isSent })
    return false
  })
}

/**
 * Answers those who may not spend, unless the team has changed since it was remembered: then returns false, and
 * nobody is answered. Records charged before are answered first, whoever has left the team meanwhile.
 */
export async function settleRefused(
  query: Query,
  team: TeamContext,
  refused: RefusedItem[],
): Promise<boolean> {
  if ((await readTeamVersion(query, team.teamId)) !== team.version) return false
  const mayKnow = refused.flatMap(({ item, isDenied }) => (isDenied ? [] : [item]))
  const unknown = await settleKnown(query, team.teamId, mayKnow)
  for (const { item, error, isDenied } of refused)
    if (isDenied || unknown.includes(item)) item.reject(unavailableUnlessBug(error))
  return true
}

/** Answers every record of a pool by its plan, after the paid ones were written. */
export async function settlePlanned(
  query: Query,
  team: TeamContext,
  items: ReadyItem[],
  { outcomes, spend }: SpendPlan,
): Promise<void> {
  const refused = new Map<ReadyItem, Refusal>()
  for (const [index, item] of items.entries()) {
    const outcome = outcomes[index]
    if (!outcome) continue
    if ("receipt" in outcome) item.resolve({ receipt: outcome.receipt, replayed: false })
    else refused.set(item, outcome.refusal)
  }
  if (refused.size === 0) return
  // A record paid before is not refused now that the pool is empty.
  const unknown = await settleKnown(query, team.teamId, [...refused.keys()])
  const rejected = unknown.flatMap((item) => {
    const refusal = refused.get(item)
    return refusal ? [{ item, error: new InsufficientCreditsError(refusal, spend.poolId) }] : []
  })
  const errors = rejected.map(({ error }) => error)
  if (errors.length > 0)
    spend.after.isDue = await noteRefusals(query, team, spend.poolId, errors, clock.now())
  for (const { item, error } of rejected) item.reject(error)
}
