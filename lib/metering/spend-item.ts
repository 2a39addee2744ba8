import { isPassingFailure } from "@/lib/db/failures"
import { UnavailableError } from "@/lib/errors"
import type { Receipt, SpendRequest } from "./plan-spends"
import type { TeamContext } from "./team-context"

export type Placed = { poolId: string; request: SpendRequest }
export type SpendAnswer = { receipt: Receipt; replayed: boolean }

/** A record's permanent name, and how to find its payer. */
export type SpendOrder = {
  key: bigint
  print: number
  /** Throws if the caller may not spend for the team as it is now. */
  authorise: (team: TeamContext) => void
  /** Who pays and at what rate, as the team is now. Throws if nobody does. */
  place: (team: TeamContext) => Promise<Placed> | Placed
}

/** A usage record on its way through the queue, with the callers' promise. */
export type SpendItem = SpendOrder & {
  stage: "waiting" | "in_flush" | "settled"
  /** Null until it is placed, and while the team refuses it. */
  placed: (Placed & { teamVersion: bigint }) | null
  /** How often writing it failed in a passing way. */
  tries: number
  /** Whether this process has sent it to be written. If it is found in the ledger then, it is no repetition. */
  isSent: boolean
  resolve: (answer: SpendAnswer) => void
  reject: (error: unknown) => void
}
export type ReadyItem = SpendItem & { placed: Placed }
export type RefusedItem = {
  item: SpendItem
  error: unknown
  /** The caller may not spend at all, so learns nothing of the team: as with a key that was revoked. */
  isDenied: boolean
}

export const isReady = (item: SpendItem): item is ReadyItem => item.placed !== null

export function newItem(
  order: SpendOrder,
  resolve: SpendItem["resolve"],
  reject: SpendItem["reject"],
): SpendItem {
  const item: SpendItem = {
    ...order,
    stage: "waiting",
    placed: null,
    tries: 0,
    isSent: false,
    resolve: (answer) => {
      item.stage = "settled"
      resolve(answer)
    },
    reject: (error) => {
      item.stage = "settled"
      reject(error)
    },
  }
  return item
}

/** Places each item for the team as it is remembered. Returns those that can be spent, and the others with the reason. */
export async function placeAll(
  items: SpendItem[],
  team: TeamContext,
): Promise<{ ready: ReadyItem[]; refused: RefusedItem[] }> {
  const ready: ReadyItem[] = []
  const refused: RefusedItem[] = []
  for (const item of items) {
    let isDenied = true
    try {
      if (item.placed?.teamVersion !== team.version) {
        item.authorise(team)
        isDenied = false
        const placed = item.place(team)
        const { poolId, request } = placed instanceof Promise ? await placed : placed
        item.placed = { poolId, request, teamVersion: team.version }
      }
      ready.push(item as ReadyItem)
    } catch (error) {
      item.placed = null
      refused.push({ item, error, isDenied })
    }
  }
  return { ready, refused }
}

/** Splits records into the first of each key and those that come again. */
export function splitTwins(items: ReadyItem[]): { first: ReadyItem[]; twins: ReadyItem[] } {
  const seen = new Set<bigint>()
  const twins: ReadyItem[] = []
  const first = items.filter((item) => {
    if (seen.has(item.key)) return void twins.push(item)
    seen.add(item.key)
    return true
  })
  return { first, twins }
}

export function groupByPool(items: ReadyItem[]): Map<string, ReadyItem[]> {
  const byPool = new Map<string, ReadyItem[]>()
  for (const item of items) {
    const own = byPool.get(item.placed.poolId)
    if (own) own.push(item)
    else byPool.set(item.placed.poolId, [item])
  }
  return byPool
}

/** Returns what the caller is told of a failure: an outage may be retried, a bug may not. */
export function unavailableUnlessBug(error: unknown): unknown {
  if (!isPassingFailure(error)) return error
  return new UnavailableError(
    "The ledger can’t be reached right now. Send the same request again in a moment.",
  )
}
