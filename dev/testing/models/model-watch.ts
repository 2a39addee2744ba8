import type { Client } from "pg"
import { expect } from "vitest"
import { HOUR_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { Query } from "@/lib/db/query"
import { availableNanos, lockPoolState } from "@/lib/ledger/pool-state"
import { getFigures } from "@/lib/ledger/queries"
import type { Receipt } from "@/lib/metering/plan-spends"
import { readReceipts } from "@/lib/metering/read-receipts"
import { readPool } from "../ledger"
import { ModelPool } from "./model-pool"

const START = Date.UTC(2126, 0, 1)
export const timeOf = (hour: number) => new Date(START + hour * HOUR_MS)

/** A pool and its model, with their comparison. */
export class ModelWatch {
  readonly model = new ModelPool()
  protected readonly answers = new Map<bigint, Receipt>()
  protected hour = 0

  constructor(
    protected readonly db: Db,
    protected readonly client: Client,
    protected readonly pool: { teamId: string; poolId: string },
  ) {}

  protected readonly query: Query = async ({ name, text }, values) =>
    (await this.client.query({ name, text, values })).rows

  protected async commit<T>(work: () => Promise<T>): Promise<T> {
    await this.client.query("BEGIN")
    try {
      const result = await work()
      await this.client.query("COMMIT")
      return result
    } catch (error) {
      await this.client.query("ROLLBACK")
      throw error
    }
  }

  protected get now(): Date {
    return timeOf(this.hour)
  }

  protected get ref(): [string, string] {
    return [this.pool.teamId, this.pool.poolId]
  }

  protected async answer(text: string, values: unknown[]): Promise<unknown> {
    return Object.values((await this.client.query(text, values)).rows[0] ?? {})[0]
  }

  protected async compare(): Promise<void> {
    const { model } = this
    const state = await lockPoolState(this.query, ...this.ref)
    const paid = state.lots.filter(({ kind }) => kind === "purchase")
    expect({
      included: state.includedNanos,
      balance: state.creditsNanos,
      debt: state.debtNanos,
      held: state.heldNanos,
      withheld: state.withheldNanos,
      available: availableNanos(state),
      lots: state.lots.filter(({ kind }) => kind !== "purchase").map(({ leftNanos }) => leftNanos),
      paid: paid.reduce((sum, { leftNanos }) => sum + leftNanos, 0n),
      allowances: [...state.allowances].sort(),
    }).toEqual({
      included: model.left(true),
      balance: model.balance(),
      debt: model.debt,
      held: model.held(),
      withheld: model.withheld?.included ?? 0n,
      available: model.available(),
      lots: model.inOrder().map(({ left }) => left),
      paid: model.paid,
      allowances: [...model.allowances].filter(([, left]) => left > 0n).sort(),
    })
  }

  /** Compares the Credits card: each figure with the model, and together with the balance. */
  async compareFigures(): Promise<void> {
    const { model } = this
    const pool = await readPool(this.db, this.pool)
    const figures = await getFigures(this.db, { ...pool, teamId: this.pool.teamId })
    const takenBack = figures.takenBackNanos - figures.adjustedNanos
    const { addedNanos: added, givenNanos: given, spentNanos: spent, expiredNanos: expired } = figures
    const expected = { added: model.added, given: model.given, spent: model.spent, expired: model.expired }
    expect({ added, given, spent, expired, takenBack }).toEqual({
      ...expected,
      takenBack: model.takenBack(),
    })
    expect(added + given - spent - takenBack - expired).toBe(pool.creditsNanos)
  }

  /** Every answer is given again unchanged, however much has happened since. */
  async compareAnswers(): Promise<void> {
    const again = await readReceipts(this.query, this.pool.teamId, [...this.answers.keys()])
    expect(again.size).toBe(this.answers.size)
    for (const [key, receipt] of this.answers) expect(again.get(key)?.receipt).toEqual(receipt)
  }
}
