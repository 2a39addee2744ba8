import type { LimitState } from "@/lib/ledger/limits"
import { greatest } from "@/lib/money/least"

/** An amount that a hold of the usage's own had set aside, and the limits against which the hold counted. */
export type Covered = { nanos: bigint; limitIds: readonly string[] }

/** The part of a limit that one pool's spends take. */
export type CountedLimit = { id: string; amountNanos: bigint; coveredNanos: bigint }

/** A mark of a limit that was passed, and of which people are to be told. */
export type LimitMark = { limit: LimitState; percent: 80 | 100 }

/** The limits of a team while spends are planned against them, each as the ones before leave it. */
export class LimitBook {
  private readonly states: Map<string, LimitState>
  private readonly counts = new Map<string, CountedLimit>()
  private readonly refused = new Set<string>()

  constructor(states: Iterable<LimitState> = []) {
    this.states = new Map([...states].map((state) => [state.id, { ...state }]))
  }

  /** The same limits, with nothing counted yet. */
  copy(): LimitBook {
    return new LimitBook(this.states.values())
  }

  get all(): Iterable<LimitState> {
    return this.states.values()
  }

  /** Everything counted since the book was made or copied. */
  get counted(): CountedLimit[] {
    return [...this.counts.values()]
  }

  /** Gives back what a hold had set aside. */
  release({ nanos, limitIds }: Covered): void {
    for (const id of limitIds) {
      const state = this.states.get(id)
      if (state) state.heldNanos -= nanos
    }
  }

  /** Returns the limit that leaves least to a request, and how much. Null: no hard limit counts it. */
  tightest(ids: readonly string[], covered?: Covered): { limit: LimitState; leftNanos: bigint } | null {
    let tightest: { limit: LimitState; leftNanos: bigint } | null = null
    for (const id of ids) {
      const limit = this.states.get(id)
      if (!limit?.isHard) continue
      const beside = limit.amountNanos - limit.spentNanos - limit.heldNanos
      const leftNanos = greatest(greatest(beside, coveredIn(id, covered)), 0n)
      if (!tightest || leftNanos < tightest.leftNanos) tightest = { limit, leftNanos }
    }
    return tightest
  }

  count(ids: readonly string[], amountNanos: bigint, covered?: Covered): void {
    for (const id of ids) {
      const state = this.states.get(id)
      if (!state) continue
      state.spentNanos += amountNanos
      const known = this.counts.get(id)
      this.counts.set(id, {
        id,
        amountNanos: (known?.amountNanos ?? 0n) + amountNanos,
        coveredNanos: (known?.coveredNanos ?? 0n) + coveredIn(id, covered),
      })
    }
  }

  /** Sets aside an amount for a hold. */
  hold(ids: readonly string[], amountNanos: bigint): void {
    for (const id of ids) {
      const state = this.states.get(id)
      if (state) state.heldNanos += amountNanos
    }
  }

  noteRefusal(id: string): void {
    this.refused.add(id)
  }

  /** Whether one of them refused something, or the ledger counts no further without a look at it. */
  get needsLook(): boolean {
    if (this.refused.size > 0) return true
    return [...this.counts.keys()].some((id) => {
      const state = this.states.get(id)
      return !state || (state.stopNanos !== null && state.spentNanos + state.heldNanos > state.stopNanos)
    })
  }

  /** The marks that people weren't told of this month. */
  get marks(): LimitMark[] {
    return [...this.states.values()].flatMap((limit) => {
      const percent = this.refused.has(limit.id) ? 100 : markOf(limit)
      return percent > limit.toldPercent ? { limit, percent: percent as 80 | 100 } : []
    })
  }
}

function markOf({ amountNanos, spentNanos, heldNanos }: LimitState): 0 | 80 | 100 {
  const used = spentNanos + heldNanos
  if (used >= amountNanos) return 100
  return used * 100n >= amountNanos * 80n ? 80 : 0
}

function coveredIn(id: string, covered: Covered | undefined): bigint {
  return covered?.limitIds.includes(id) ? covered.nanos : 0n
}
