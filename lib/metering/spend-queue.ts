import { isRenewalDue } from "@/lib/billing/renew-pool"
import { clock } from "@/lib/clock"
import { isLostKeyRace, isPassingFailure, isRefusedByLedger } from "@/lib/db/failures"
import type { SpendConnections } from "@/lib/db/spend-connections"
import { UnavailableError } from "@/lib/errors"
import { type PoolState, readPoolStates } from "@/lib/ledger/pool-state"
import { postSpends } from "@/lib/ledger/post-spends"
import { inLockedPool } from "./current-pool"
import { IdempotencyKeyReusedError, InsufficientCreditsError, TeamChangedError } from "./errors"
import { noteRefusals } from "./note-refusal"
import { type Outcome, planSpends, type SpendPlan } from "./plan-spends"
import { postPlan } from "./post-plan"
import { readReceipts } from "./read-receipts"
import {
  groupByPool,
  newItem,
  placeAll,
  type ReadyItem,
  type RefusedItem,
  type SpendAnswer,
  type SpendItem,
  type SpendOrder,
  unavailableUnlessBug,
} from "./spend-item"
import { lowThresholdOf, readTeamVersion, type TeamContext } from "./team-context"
import type { TeamContexts } from "./team-contexts"

/** More records than this wait for the next flush: a flush stays short enough for whoever waits on the pool's lock. */
const MAX_FLUSH = 1_024
/** Beyond this the process is asked for more than it can write, and says so at once. */
const MAX_WAITING = 50_000
const MAX_TRIES = 6
/** After somebody else was faster, the pool is read under its lock for this many flushes instead of guessed. */
const CONTENDED_FLUSHES = 32
/** After a key came again, so many flushes look their keys up first: one that is known would undo the whole flush. */
const REPLAY_FLUSHES = 32

/**
 * Spends one team's usage in natural group commits: while one flush is on its way, records gather for the next. No
 * timer: a record that comes alone goes alone, at once.
 *
 * A flush is planned on what this process remembers of the pools and written only if the database still has the same
 * revision of each; what was out of date is planned again under the pool's lock. So the memory decides about speed and
 * never about money.
 */
export class SpendQueue {
  private waiting: SpendItem[] = []
  private isFlushing = false
  private readonly states = new Map<string, PoolState>()
  private readonly contended = new Map<string, number>()
  private replayFlushes = 0

  constructor(
    private readonly teamId: string,
    readonly connections: SpendConnections,
    private readonly contexts: TeamContexts,
  ) {}

  /** Whether nothing is on its way. */
  get isIdle(): boolean {
    return !this.isFlushing && this.waiting.length === 0
  }

  /** Settles when the record is durably written, was found to be written before, or is refused. */
  spend(order: SpendOrder): Promise<SpendAnswer> {
    if (this.waiting.length >= MAX_WAITING)
      return Promise.reject(
        new UnavailableError("Usage comes in faster than it can be written. Try again in a moment."),
      )
    return new Promise((resolve, reject) => {
      this.waiting.push(newItem(order, resolve, reject))
      if (!this.isFlushing) {
        this.isFlushing = true
        // Everything that arrives in the same turn goes together.
        setImmediate(() => void this.flushAll())
      }
    })
  }

  private async flushAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.flushOrRecover(this.waiting.splice(0, MAX_FLUSH))
      // Whoever was just answered may ask again, and goes with the next flush.
      await new Promise<void>((resume) => setImmediate(resume))
    }
    this.isFlushing = false
  }

  private async flushOrRecover(items: SpendItem[]): Promise<void> {
    try {
      await this.flush(items)
    } catch (error) {
      // What the flush has put back is waiting already.
      const waiting = new Set(this.waiting)
      await this.recover(
        items.filter((item) => !item.isSettled && !waiting.has(item)),
        error,
      )
    }
  }

  private async flush(items: SpendItem[]): Promise<void> {
    const team = await this.contexts.get(this.teamId)
    const { ready: placed, refused } = await placeAll(items, team)
    if (refused.length > 0 && !(await this.settleRefused(team, refused))) {
      this.contexts.drop(this.teamId)
      this.waiting.unshift(...items.filter(({ isSettled }) => !isSettled))
      return
    }
    const unsettled = this.expectsReplays() ? await this.settleKnown(placed) : placed
    const byPool = groupByPool(this.setTwinsAside(unsettled))
    const now = clock.now()
    await this.readMissingStates(byPool)
    const plans = [...byPool].map(([poolId, own]) => ({
      poolId,
      items: own,
      plan: this.planQuietly(team, poolId, own, now),
    }))
    const spends = plans.flatMap(({ plan }) => plan?.spend ?? [])
    for (const { items: own, plan } of plans) if (plan) markSent(own, plan)
    const applied =
      spends.length > 0
        ? await postSpends(this.connections.query, { id: team.teamId, version: team.version }, now, spends)
        : new Set<string>()
    for (const { poolId, items: own, plan } of plans) {
      if (plan && applied.has(poolId)) await this.settle(team, poolId, own, plan)
    }
    for (const { poolId, items: own, plan } of plans) {
      if (applied.has(poolId)) continue
      if (plan) this.contended.set(poolId, CONTENDED_FLUSHES)
      for (const item of own) item.isSent = false
      await this.spendLocked(team, poolId, own)
    }
  }

  /**
   * A plan from memory, or null where one is not enough: jobs need a transaction around them, a refusal needs to be true
   * now, and what time has ended is written off first.
   */
  private planQuietly(team: TeamContext, poolId: string, items: ReadyItem[], now: Date): SpendPlan | null {
    const state = this.states.get(poolId)
    if (!state) throw new Error("The team has no such pool")
    if (this.isContended(poolId) || isRenewalDue(state, now)) return null
    const plan = planAll(state, items, team)
    return plan.crossings.length === 0 && !plan.isMadeDue && plan.spend.rows.length > 0 ? plan : null
  }

  /**
   * Plans and writes under the pool's lock, where nothing can have changed, with the jobs that it causes. The records go
   * back to waiting if the team is not the one that they were placed for any more.
   */
  private async spendLocked(team: TeamContext, poolId: string, items: ReadyItem[]): Promise<void> {
    const now = clock.now()
    try {
      const plan = await inLockedPool(this, team, poolId, now, async (query, before) => {
        const planned = planAll(before, items, team)
        markSent(items, planned)
        await postPlan(query, team, now, planned)
        return planned
      })
      await this.settle(team, poolId, items, plan)
    } catch (error) {
      if (!(error instanceof TeamChangedError)) throw error
      for (const item of items) item.isSent = false
      this.contexts.drop(this.teamId)
      this.waiting.unshift(...items)
    }
  }

  /**
   * Answers those who may not spend, unless the team has changed since it was remembered: then false, and nobody is
   * answered. What was charged before is told before anything else, whoever has left the team meanwhile.
   */
  private async settleRefused(team: TeamContext, refused: RefusedItem[]): Promise<boolean> {
    if ((await readTeamVersion(this.connections.query, this.teamId)) !== team.version) return false
    const unknown = await this.settleKnown(refused.flatMap(({ item, isDenied }) => (isDenied ? [] : [item])))
    for (const { item, error, isDenied } of refused)
      if (isDenied || unknown.includes(item)) item.reject(unavailableUnlessBug(error))
    return true
  }

  /** Remembers the state that was reached and answers every record of the pool. */
  private async settle(
    team: TeamContext,
    poolId: string,
    items: ReadyItem[],
    { outcomes, spend }: SpendPlan,
  ): Promise<void> {
    this.states.set(poolId, spend.after)
    const refused: { item: ReadyItem; outcome: Outcome }[] = []
    for (const [index, item] of items.entries()) {
      const outcome = outcomes[index]
      if (!outcome) continue
      if ("receipt" in outcome) item.resolve({ receipt: outcome.receipt, replayed: false })
      else refused.push({ item, outcome })
    }
    if (refused.length === 0) return
    // What was paid before is not refused now that the pool is empty.
    const unknown = await this.settleKnown(refused.map(({ item }) => item))
    const rejected = refused.flatMap(({ item, outcome }) =>
      "refusal" in outcome && unknown.includes(item)
        ? [{ item, error: new InsufficientCreditsError(outcome.refusal, poolId) }]
        : [],
    )
    const errors = rejected.map(({ error }) => error)
    const { query } = this.connections
    if (errors.length > 0) spend.after.isDue = await noteRefusals(query, team, poolId, errors, clock.now())
    for (const { item, error } of rejected) item.reject(error)
  }

  /** Answers the records whose keys were used before, and gives the others back. */
  private async settleKnown<Item extends SpendItem>(items: Item[]): Promise<Item[]> {
    if (items.length === 0) return []
    const known = await readReceipts(
      this.connections.query,
      this.teamId,
      items.map(({ key }) => key),
    )
    return items.filter((item) => {
      const record = known.get(item.key)
      if (!record) return true
      if (record.print !== item.print) item.reject(new IdempotencyKeyReusedError())
      // A record that this process tried to write itself is no replay: its answer was lost on the way.
      else item.resolve({ receipt: record.receipt, replayed: !item.isSent })
      return false
    })
  }

  /** A key that comes twice at once is looked up for all others once the first is settled. */
  private setTwinsAside(items: ReadyItem[]): ReadyItem[] {
    const seen = new Set<bigint>()
    const twins: ReadyItem[] = []
    const first = items.filter((item) => {
      if (seen.has(item.key)) return void twins.push(item)
      seen.add(item.key)
      return true
    })
    if (twins.length > 0) {
      this.waiting.unshift(...twins)
      this.replayFlushes = Math.max(this.replayFlushes, 1)
    }
    return first
  }

  private async readMissingStates(byPool: Map<string, ReadyItem[]>): Promise<void> {
    const missing = [...byPool.keys()].filter((poolId) => !this.states.has(poolId))
    if (missing.length === 0) return
    const states = await readPoolStates(this.connections.query, this.teamId, missing, { lock: false })
    for (const [poolId, state] of states) this.states.set(poolId, state)
  }

  private isContended(poolId: string): boolean {
    const left = this.contended.get(poolId) ?? 0
    if (left > 1) this.contended.set(poolId, left - 1)
    else this.contended.delete(poolId)
    return left > 0
  }

  /** Whether keys are looked up before they are written, because some came again a moment ago. */
  private expectsReplays(): boolean {
    if (this.replayFlushes === 0) return false
    this.replayFlushes -= 1
    return true
  }

  /** After a failure: what may have been written is found by its key, what can't have been is tried again. */
  private async recover(items: SpendItem[], error: unknown): Promise<void> {
    this.states.clear()
    this.contexts.drop(this.teamId)
    const isReady = (item: SpendItem): item is ReadyItem => item.placed !== null
    const open = items.filter(isReady)
    for (const item of items) if (!isReady(item)) item.reject(unavailableUnlessBug(error))
    if (isLostKeyRace(error)) {
      this.replayFlushes = REPLAY_FLUSHES
      // Somebody else's key has kept all of them from being written.
      for (const item of open) if (item.tries === 0) item.isSent = false
      const unknown = await this.settleKnown(open).catch(() => open)
      // Whoever lost its place to somebody else's key has not failed.
      if (unknown.length < open.length) this.waiting.unshift(...unknown)
      else this.tryAgain(unknown, error)
    } else if (isPassingFailure(error) || (isRefusedByLedger(error) && open.length === 1)) {
      await new Promise((resume) =>
        setTimeout(resume, 20 * 2 ** Math.max(0, ...items.map(({ tries }) => tries))),
      )
      this.tryAgain(open, error)
    } else if (open.length > 1) {
      // One record that can't be written takes no other with it.
      for (const item of open) await this.flushOrRecover([item])
    } else for (const item of open) item.reject(error)
  }

  private tryAgain(items: ReadyItem[], error: unknown): void {
    for (const item of items) {
      item.tries += 1
      if (item.tries < MAX_TRIES) this.waiting.push(item)
      else item.reject(unavailableUnlessBug(error))
    }
  }
}

/** Until an answer comes, what is paid by the plan may or may not be in the ledger. */
function markSent(items: ReadyItem[], { outcomes }: SpendPlan): void {
  for (const [index, item] of items.entries()) item.isSent = "receipt" in (outcomes[index] ?? {})
}

function planAll(state: PoolState, items: ReadyItem[], team: TeamContext): SpendPlan {
  const requests = items.map(({ placed }) => placed.request)
  return planSpends(state, requests, lowThresholdOf(team, state.poolId), team.topUps.has(state.poolId))
}
