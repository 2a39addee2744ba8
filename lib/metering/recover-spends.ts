import { isLostKeyRace, isPassingFailure, isRefusedByLedger } from "@/lib/db/failures"
import { isReady, type ReadyItem, type SpendItem, unavailableUnlessBug } from "./spend-item"

const MAX_TRIES = 6
const FIRST_PAUSE_MS = 20

/** The parts of a queue that recovery needs after a failed flush. */
type FailedQueue = {
  /** Drops what is remembered of the team and its pools: some of it may be why the flush failed. */
  forget: () => void
  /** Answers the records whose keys are in the ledger, and returns the others. */
  settleKnown: (items: ReadyItem[]) => Promise<ReadyItem[]>
  putBack: (items: ReadyItem[], where: "first" | "last") => void
  /** From here on keys are looked up before they are written, for a while. */
  expectReplays: () => void
  flushAlone: (item: ReadyItem) => Promise<void>
}

/**
 * - `look_up`: a key of the flush is in the ledger already, so nothing of it was written.
 * - `try_again`: the same may work in a moment, or has worked and its answer was lost.
 * - `one_by_one`: one record that can't be written takes no other with it.
 * - `give_up`: this is the record that can't be written.
 */
export type Recovery = "look_up" | "try_again" | "one_by_one" | "give_up"

export function decideRecovery(error: unknown, records: number): Recovery {
  if (isLostKeyRace(error)) return "look_up"
  // The ledger refuses a single record when what was planned on is out of date; among many, one may be at fault.
  if (isPassingFailure(error) || (isRefusedByLedger(error) && records === 1)) return "try_again"
  return records > 1 ? "one_by_one" : "give_up"
}

/**
 * Follows a failed flush: finds by their keys the records that may have been written, and tries those again that
 * can't have been.
 */
export async function recoverSpends(queue: FailedQueue, items: SpendItem[], error: unknown): Promise<void> {
  queue.forget()
  const open = items.filter(isReady)
  for (const item of items) if (!isReady(item)) item.reject(unavailableUnlessBug(error))
  switch (decideRecovery(error, open.length)) {
    case "look_up":
      return lookUp(queue, open, error)
    case "try_again":
      await pause(Math.max(0, ...items.map(({ tries }) => tries)))
      return tryAgain(queue, open, error)
    case "one_by_one":
      for (const item of open) await queue.flushAlone(item)
      return
    case "give_up":
      for (const item of open) item.reject(error)
  }
}

async function lookUp(queue: FailedQueue, open: ReadyItem[], error: unknown): Promise<void> {
  queue.expectReplays()
  // Somebody else's key has kept all of them from being written. A record that was tried before may be in the ledger.
  for (const item of open) if (item.tries === 0) item.isSent = false
  const unknown = await queue.settleKnown(open).catch(() => open)
  // A record that lost its place to somebody else's key has not failed.
  if (unknown.length < open.length) queue.putBack(unknown, "first")
  else tryAgain(queue, unknown, error)
}

function tryAgain(queue: FailedQueue, items: ReadyItem[], error: unknown): void {
  for (const item of items) {
    item.tries += 1
    if (item.tries < MAX_TRIES) queue.putBack([item], "last")
    else item.reject(unavailableUnlessBug(error))
  }
}

function pause(tries: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, FIRST_PAUSE_MS * 2 ** tries))
}
