import { clock } from "@/lib/clock"
import { isLimitStop } from "@/lib/db/failures"
import type { SpendConnections } from "@/lib/db/spend-connections"
import { UnavailableError } from "@/lib/errors"
import { type LimitState, readLimits } from "@/lib/ledger/limits"
import { type PoolSpend, postSpends } from "@/lib/ledger/post-spends"
import { inLockedPool } from "./current-pool"
import { TeamChangedError } from "./errors"
import { LimitBook } from "./limit-book"
import { limitIdsOf, markSent, planFromMemory, planItems } from "./plan-items"
import type { SpendPlan } from "./plan-spends"
import { PoolMemory } from "./pool-memory"
import { postPlan } from "./post-plan"
import { recoverSpends } from "./recover-spends"
import { settleKnown, settlePlanned, settleRefused } from "./settle-spends"
import {
  groupByPool,
  newItem,
  placeAll,
  type ReadyItem,
  type SpendAnswer,
  type SpendItem,
  type SpendOrder,
  splitTwins,
} from "./spend-item"
import type { TeamContext } from "./team-context"
import type { TeamContexts } from "./team-contexts"

/** Further records wait for the next flush, so that a flush stays short for others that wait on the pool's lock. */
const MAX_FLUSH = 1_024
/** Beyond this, more comes in than the process can write, and it says so at once. */
const MAX_WAITING = 50_000
/** After a repeated key, this many flushes look their keys up first, because a known key would undo the whole flush. */
const REPLAY_FLUSHES = 32

/**
 * Spends one team's usage in natural group commits: while one flush is on its way, records gather for the next. No
 * timer: a lone record goes alone, at once.
 *
 * A flush is planned on this process's memory of the pools and written only where the database still has the same
 * revision. Outdated plans are made again under the pool's lock. So the memory decides about speed and never about
 * money.
 *
 * A record is `waiting`, then `in_flush`, then `settled`, or `waiting` again; the queue is `idle` or `flushing`.
 */
export class SpendQueue {
  private phase: "idle" | "flushing" = "idle"
  private waiting: SpendItem[] = []
  private readonly memory: PoolMemory
  /** How many more flushes look their keys up before they write. */
  private replayFlushes = 0

  constructor(
    private readonly teamId: string,
    readonly connections: SpendConnections,
    private readonly contexts: TeamContexts,
  ) {
    this.memory = new PoolMemory(teamId)
  }

  /** Whether nothing is on its way. */
  get isIdle(): boolean {
    return this.phase === "idle"
  }

  /** Settles when the record is durably written, was found written before, or is refused. */
  spend(order: SpendOrder): Promise<SpendAnswer> {
    if (this.waiting.length >= MAX_WAITING)
      return Promise.reject(
        new UnavailableError("Usage comes in faster than it can be written. Try again in a moment."),
      )
    return new Promise((resolve, reject) => {
      this.waiting.push(newItem(order, resolve, reject))
      if (this.phase === "flushing") return
      this.phase = "flushing"
      // Everything that arrives in the same turn goes together.
      setImmediate(() => void this.flushAll())
    })
  }

  private async flushAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.flushOrRecover(this.waiting.splice(0, MAX_FLUSH))
      // A caller that was just answered may ask again, and goes with the next flush.
      await new Promise<void>((resume) => setImmediate(resume))
    }
    this.phase = "idle"
  }

  private async flushOrRecover(items: SpendItem[]): Promise<void> {
    for (const item of items) item.stage = "in_flush"
    try {
      await this.flush(items)
    } catch (error) {
      const failed = items.filter(({ stage }) => stage === "in_flush")
      await recoverSpends(
        {
          forget: () => this.forget(),
          settleKnown: (known) => settleKnown(this.connections.query, this.teamId, known),
          putBack: (open, where) => this.putBack(open, where),
          expectReplays: () => (this.replayFlushes = REPLAY_FLUSHES),
          flushAlone: (item) => this.flushOrRecover([item]),
        },
        failed,
        error,
      )
    }
  }

  private async flush(items: SpendItem[]): Promise<void> {
    const { query } = this.connections
    const team = await this.contexts.get(this.teamId)
    const { ready: placed, refused } = await placeAll(items, team)
    if (refused.length > 0 && !(await settleRefused(query, team, refused))) {
      this.contexts.drop(this.teamId)
      this.putBack(
        items.filter(({ stage }) => stage === "in_flush"),
        "first",
      )
      return
    }
    const unknown = this.looksKeysUp() ? await settleKnown(query, this.teamId, placed) : placed
    const byPool = groupByPool(this.setTwinsAside(unknown))
    const now = clock.now()
    await this.memory.readMissing(query, [...byPool.keys()])
    await this.memory.readMissingLimits(query, limitIdsOf(team, unknown), now)
    const limits = new Map<string, LimitState>()
    const plans = [...byPool].map(([poolId, own]) => ({
      poolId,
      items: own,
      plan: planFromMemory(this.memory, team, { poolId, items: own }, limits, now),
    }))
    const spends = plans.flatMap(({ plan }) => plan?.spend ?? [])
    for (const { items: own, plan } of plans) if (plan) markSent(own, plan)
    const applied = spends.length > 0 ? await this.write(team, spends, now) : new Set<string>()
    // Where one was not written, its part of the limits wasn't taken either.
    if (applied.size === spends.length) this.memory.rememberLimits(limits.values())
    else this.memory.forgetLimits()
    for (const { poolId, items: own, plan } of plans)
      if (plan && applied.has(poolId)) await this.settle(team, own, plan)
    for (const { poolId, items: own, plan } of plans) {
      if (applied.has(poolId)) continue
      for (const item of own) item.isSent = false
      await this.spendLocked(team, { poolId, items: own }, plan)
    }
  }

  /** Writes what was planned from memory. Writes nothing where a limit has to be looked at first. */
  private async write(team: TeamContext, spends: PoolSpend[], now: Date): Promise<Set<string>> {
    try {
      return await postSpends(this.connections.query, { id: team.teamId, version: team.version }, now, spends)
    } catch (error) {
      if (isLimitStop(error)) return new Set()
      throw error
    }
  }

  /**
   * Plans and writes under the pool's lock, where nothing can have changed, with the jobs that it causes. The records
   * go back to waiting if the team has changed since they were placed. `outdated` was planned from memory and not written.
   */
  private async spendLocked(
    team: TeamContext,
    { poolId, items }: { poolId: string; items: ReadyItem[] },
    outdated: SpendPlan | null,
  ): Promise<void> {
    const now = clock.now()
    try {
      const plan = await inLockedPool(this, team, poolId, now, async (query, before) => {
        // Somebody else spends from it as well. Had only the team changed, it wouldn't come to this.
        if (outdated && outdated.spend.revision !== before.revision) this.memory.noteContention(poolId)
        const { teamId } = team
        const limits = await readLimits(query, teamId, limitIdsOf(team, items), { lock: true, now })
        const planned = planItems(before, items, team, new LimitBook(limits))
        markSent(items, planned)
        await postPlan(query, team, now, planned)
        return planned
      })
      this.memory.rememberLimits(plan.limits.all)
      await this.settle(team, items, plan)
    } catch (error) {
      if (!(error instanceof TeamChangedError)) throw error
      for (const item of items) item.isSent = false
      this.contexts.drop(this.teamId)
      this.putBack(items, "first")
    }
  }

  /** Remembers the new state and answers every record of the pool. */
  private async settle(team: TeamContext, items: ReadyItem[], plan: SpendPlan): Promise<void> {
    this.memory.remember(plan.spend.after)
    await settlePlanned(this.connections.query, team, items, plan)
  }

  /** Keeps only the first record of a repeated key. The others are looked up once it is settled. */
  private setTwinsAside(items: ReadyItem[]): ReadyItem[] {
    const { first, twins } = splitTwins(items)
    if (twins.length > 0) {
      this.putBack(twins, "first")
      this.replayFlushes = Math.max(this.replayFlushes, 1)
    }
    return first
  }

  private putBack(items: SpendItem[], where: "first" | "last"): void {
    for (const item of items) item.stage = "waiting"
    if (where === "first") this.waiting.unshift(...items)
    else this.waiting.push(...items)
  }

  private forget(): void {
    this.memory.forget()
    this.contexts.drop(this.teamId)
  }

  /** Whether this flush looks its keys up before it writes, because some were repeated a moment ago. */
  private looksKeysUp(): boolean {
    if (this.replayFlushes === 0) return false
    this.replayFlushes -= 1
    return true
  }
}
