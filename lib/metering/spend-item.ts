import { isPassingFailure } from "@/lib/db/failures"
import { UnavailableError } from "@/lib/errors"
import type { Receipt, SpendRequest } from "./plan-spends"
import type { TeamContext } from "./team-context"

export type Placed = { poolId: string; request: SpendRequest }
export type SpendAnswer = { receipt: Receipt; replayed: boolean }

/** A usage record on its way through the queue, and whoever waits for its answer. */
export type SpendItem = {
  /** Who pays and at what rate, as the team is now. Throws if the request is not allowed any more. */
  place: (team: TeamContext) => Promise<Placed> | Placed
  placed: Placed | null
  /** The team's version that it was placed for. */
  version: bigint | null
  /** How often writing it failed in a way that may pass. */
  tries: number
  isSettled: boolean
  resolve: (answer: SpendAnswer) => void
  reject: (error: unknown) => void
}
export type ReadyItem = SpendItem & { placed: Placed }

export function newItem(
  place: SpendItem["place"],
  resolve: SpendItem["resolve"],
  reject: SpendItem["reject"],
): SpendItem {
  const item: SpendItem = {
    place,
    placed: null,
    version: null,
    tries: 0,
    isSettled: false,
    resolve: (answer) => {
      item.isSettled = true
      resolve(answer)
    },
    reject: (error) => {
      item.isSettled = true
      reject(error)
    },
  }
  return item
}

/** Places each item for the team as it is, and rejects those that may not spend any more. */
export async function placeAll(items: SpendItem[], team: TeamContext): Promise<ReadyItem[]> {
  const ready: ReadyItem[] = []
  for (const item of items) {
    try {
      if (item.version !== team.version || !item.placed) {
        const placed = item.place(team)
        item.placed = placed instanceof Promise ? await placed : placed
        item.version = team.version
      }
      ready.push(item as ReadyItem)
    } catch (error) {
      item.reject(unavailableUnlessBug(error))
    }
  }
  return ready
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

/** What the caller is told of a failure: an outage may be tried again, a bug may not. */
export function unavailableUnlessBug(error: unknown): unknown {
  if (!isPassingFailure(error)) return error
  return new UnavailableError(
    "The ledger can’t be reached right now. Send the same request again in a moment.",
  )
}
