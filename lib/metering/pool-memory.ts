import type { Query } from "@/lib/db/query"
import { type LimitState, readLimits } from "@/lib/ledger/limits"
import { type PoolState, readPoolStates } from "@/lib/ledger/pool-state"

/** After somebody else was faster, the pool is read under its lock for this many flushes instead of guessed. */
const CONTENDED_FLUSHES = 32

/** A process's memory of a team's pools and limits, and of which ones others spend from as well. */
export class PoolMemory {
  private readonly states = new Map<string, PoolState>()
  /** How many more flushes read a pool under its lock. */
  private readonly contended = new Map<string, number>()

  private readonly limits = new Map<string, LimitState>()

  constructor(private readonly teamId: string) {}

  /** Null if the team has no such pool. */
  get(poolId: string): PoolState | null {
    return this.states.get(poolId) ?? null
  }

  remember(state: PoolState): void {
    this.states.set(state.poolId, state)
  }

  /** Undefined unless something was spent of it lately. */
  limit(id: string): LimitState | undefined {
    return this.limits.get(id)
  }

  rememberLimits(states: Iterable<LimitState>): void {
    for (const state of states) this.limits.set(state.id, state)
  }

  /** Reads those of the pools that aren't remembered. */
  async readMissing(query: Query, poolIds: string[]): Promise<void> {
    const missing = poolIds.filter((poolId) => !this.states.has(poolId))
    if (missing.length === 0) return
    const states = await readPoolStates(query, this.teamId, missing, { lock: false })
    for (const state of states.values()) this.remember(state)
  }

  /** Reads those of the limits that aren't remembered. */
  async readMissingLimits(query: Query, ids: string[], now: Date): Promise<void> {
    const missing = ids.filter((id) => !this.limits.has(id))
    this.rememberLimits(await readLimits(query, this.teamId, missing, { lock: false, now }))
  }

  forget(): void {
    this.states.clear()
    this.forgetLimits()
  }

  forgetLimits(): void {
    this.limits.clear()
  }

  noteContention(poolId: string): void {
    this.contended.set(poolId, CONTENDED_FLUSHES)
  }

  /** Whether the flush that asks reads the pool under its lock. Each flush asks once. */
  isContended(poolId: string): boolean {
    const left = this.contended.get(poolId) ?? 0
    if (left > 1) this.contended.set(poolId, left - 1)
    else this.contended.delete(poolId)
    return left > 0
  }
}
