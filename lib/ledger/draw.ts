import type { Bucket } from "@/lib/db/generated/enums"
import { least } from "@/lib/money/least"
import type { Lot, PoolState } from "./pool-state"

/** The part of a cost that one grant paid. */
export type Draw = { lot: Lot; bucket: Bucket; amountNanos: bigint }

/**
 * Draws a cost from a pool's lots, first to last, and subtracts it from the state. A cost above what the lots hold is
 * a bug of the caller, who has compared it with what is available.
 */
export function drawFromLots(state: PoolState, costNanos: bigint): Draw[] {
  const draws: Draw[] = []
  let due = costNanos
  while (due > 0n) {
    const lot = state.lots[0]
    if (!lot) throw new Error("A pool's lots hold less than its balance")
    const amountNanos = least(lot.leftNanos, due)
    lot.leftNanos -= amountNanos
    due -= amountNanos
    const bucket = lot.kind === "included" ? "included" : "credits"
    if (bucket === "included") state.includedNanos -= amountNanos
    else state.creditsNanos -= amountNanos
    draws.push({ lot, bucket, amountNanos })
    if (lot.leftNanos === 0n) state.lots.shift()
  }
  return draws
}
