import { randomUUID } from "node:crypto"
import fc from "fast-check"
import type { Client } from "pg"
import { expect, test } from "vitest"
import {
  MODEL_ALLOWANCES,
  MODEL_INCLUDED,
  MODEL_METERS,
  MODEL_PERIOD_HOURS,
  ModelPool,
} from "@/e2e/testing/model-pool"
import { connect } from "@/e2e/testing/sql"
import { createTestTeam } from "@/e2e/testing/teams"
import { testDatabase } from "@/e2e/testing/world"
import { HOUR_MS } from "@/lib/clock"
import type { Query } from "@/lib/db/query"
import { planSpends, type Receipt, type SpendRequest } from "@/lib/metering/plan-spends"
import { readReceipts } from "@/lib/metering/read-receipts"
import { usageKey } from "@/lib/metering/usage-key"
import { availableNanos, lockPoolState } from "./pool-state"
import { postSpends } from "./post-spends"

const world = testDatabase()
const START = Date.UTC(2126, 0, 1)
const timeOf = (hour: number) => new Date(START + hour * HOUR_MS)

const anyAmount = fc.oneof(fc.bigInt({ min: 1n, max: 60n }), fc.bigInt({ min: 1n, max: 10_000_000_000n }))
const anyQuantity = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 40n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 4_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 10_000_000_000n }) },
)
const anyHours = fc.oneof(fc.integer({ min: 1, max: 72 }), fc.integer({ min: 1, max: 40 * 24 }))
const which = fc.nat({ max: 9 })
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("spend" as const),
      meter: fc.nat({ max: 2 }),
      quantity: anyQuantity,
      takesWhatIsThere: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("credit" as const),
      amount: anyAmount,
      expiresIn: fc.option(anyHours),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), hours: anyHours }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("hold" as const), amount: anyAmount, expiresIn: anyHours }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("give-back" as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("capture" as const), which, quantity: anyQuantity }),
  },
)
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

/** The ledger and the model of one pool, side by side. */
class Pair {
  readonly model = new ModelPool()
  readonly answers = new Map<bigint, Receipt>()
  private readonly holdIds: string[] = []
  private hour = 0

  constructor(
    private readonly client: Client,
    private readonly query: Query,
    private readonly teamId: string,
    private readonly poolId: string,
    private readonly version: bigint,
  ) {}

  async perform(step: Step): Promise<void> {
    if (step.do === "pass") this.hour += step.hours
    await this.tidy()
    if (step.do === "credit") await this.credit(step.amount, step.expiresIn)
    else if (step.do === "spend") await this.spend(step.meter, step.quantity, step.takesWhatIsThere)
    else if (step.do === "hold") await this.hold(step.amount, step.expiresIn)
    else if (step.do !== "pass") await this.settle(step)
    // Everything that is looked at when a transaction commits.
    await this.client.query("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    await this.compare()
  }

  private async tidy(): Promise<void> {
    const starts = this.model.tidy(this.hour)
    const begin = starts ?? Math.floor(this.hour / MODEL_PERIOD_HOURS) * MODEL_PERIOD_HOURS
    // Asked for each time: a period that has begun doesn't begin again.
    const { rows } = await this.client.query<{ begun: boolean }>(
      "SELECT ledger_begin_period($1, $2, uuidv7(), 'build', $3, $4, $5, 10::smallint, $6, $7, $8) AS begun",
      [
        ...[this.teamId, this.poolId, timeOf(begin), timeOf(begin + MODEL_PERIOD_HOURS), MODEL_INCLUDED],
        ...[Object.keys(MODEL_ALLOWANCES), Object.values(MODEL_ALLOWANCES), timeOf(this.hour)],
      ],
    )
    expect(rows[0]?.begun).toBe(starts !== null)
    await this.client.query("SELECT ledger_expire($1, $2, $3)", [this.teamId, this.poolId, timeOf(this.hour)])
  }

  private async credit(amount: bigint, expiresIn: number | null): Promise<void> {
    const expires = expiresIn === null ? Number.POSITIVE_INFINITY : this.hour + expiresIn
    this.model.credit(amount, expires)
    await this.client.query(
      "SELECT ledger_credit($1, $2, 'promotion', 'promotion', 20::smallint, $3, uuidv7(), $4, $5, NULL)",
      [...[this.teamId, this.poolId, amount, timeOf(this.hour)], expiresIn === null ? null : timeOf(expires)],
    )
  }

  private request(meter: number, quantity: bigint, takesWhatIsThere: boolean): SpendRequest {
    const terms = MODEL_METERS[meter]
    if (!terms) throw new Error("There is no such meter")
    const { consumable, decimals, rate: rateNanos } = terms
    const made = { no: meter + 1, consumable, decimals, rateNanos, hasAllowance: consumable !== "sms" }
    return {
      ...usageKey(randomUUID(), ""),
      meter: { ...made, trigger: "api_key", memberId: null, apiKeyId: null },
      quantity,
      reportedAt: null,
      metadata: null,
      takesWhatIsThere,
    }
  }

  /** `freed` is what a hold gives back in the same transaction, just before. */
  private async spend(meter: number, quantity: bigint, takesWhatIsThere: boolean, holdId?: string) {
    const terms = MODEL_METERS[meter]
    const hold = holdId === undefined ? undefined : this.model.holds[this.holdIds.indexOf(holdId)]
    const freed = hold?.left ?? 0n
    if (hold) this.model.close(hold)
    const expected = terms && this.model.spend(terms, quantity, takesWhatIsThere)
    const read = await lockPoolState(this.query, this.teamId, this.poolId)
    const before = holdId
      ? { ...read, heldNanos: read.heldNanos - freed, revision: read.revision + 1n }
      : read
    const request = this.request(meter, quantity, takesWhatIsThere)
    const { outcomes, spend } = planSpends(before, [request], 0n)
    const [outcome] = outcomes
    if (!outcome || "refusal" in outcome) {
      expect(expected).toBe("refused")
      return
    }
    const { costNanos: cost, allowanceQuantity: allowance, includedNanos: included } = outcome.receipt
    expect({ cost, allowance, included, shortfall: outcome.receipt.shortfallNanos }).toEqual(expected)
    if (holdId)
      await this.reduce(holdId, freed, "captured", {
        quantity,
        shortfall: outcome.receipt.shortfallNanos,
      })
    const team = { id: this.teamId, version: this.version }
    const applied = await postSpends(this.query, team, timeOf(this.hour), [spend])
    expect(applied).toEqual(new Set([this.poolId]))
    // How much was missing stands with what was captured, not with the entry.
    this.answers.set(request.key, { ...outcome.receipt, shortfallNanos: 0n })
  }

  private async hold(amount: bigint, expiresIn: number): Promise<void> {
    const id = randomUUID()
    const expires = this.hour + expiresIn
    const isOpened = this.model.openHold(amount, expires)
    const values = [this.teamId, id, this.poolId, amount, id, timeOf(this.hour), timeOf(expires)]
    await this.client.query("SAVEPOINT hold")
    const opened = await this.client
      .query("SELECT ledger_open_hold($1, $2, $3, 1, 1, $4, $5, 'print', $6, $7)", values)
      .then(
        () => true,
        () => false,
      )
    if (!opened) await this.client.query("ROLLBACK TO hold")
    expect(opened).toBe(isOpened)
    if (opened) this.holdIds.push(id)
  }

  private async settle(step: Extract<Step, { do: "release" | "give-back" | "capture" }>): Promise<void> {
    const open = this.holdIds.filter((_, index) => this.model.holds[index]?.isOpen)
    const id = open[step.which % Math.max(open.length, 1)]
    const hold = id === undefined ? undefined : this.model.holds[this.holdIds.indexOf(id)]
    if (id === undefined || !hold) return
    if (step.do === "capture") return this.spend(2, step.quantity, true, id)
    if (step.do === "release") {
      await this.reduce(id, hold.left, "released")
      this.model.close(hold)
      return
    }
    await this.reduce(id, hold.left / 2n, "open")
    hold.left -= hold.left / 2n
  }

  private async reduce(
    id: string,
    amount: bigint,
    status: string,
    captured?: { quantity: bigint; shortfall: bigint },
  ): Promise<void> {
    await this.client.query("SELECT ledger_reduce_hold($1, $2, $3, $4, $5, $6, $7)", [
      ...[this.teamId, id, amount, status, timeOf(this.hour)],
      ...[captured?.quantity ?? null, captured?.shortfall ?? null],
    ])
  }

  private async compare(): Promise<void> {
    const { model } = this
    const state = await lockPoolState(this.query, this.teamId, this.poolId)
    expect({
      included: state.includedNanos,
      credits: state.creditsNanos,
      held: state.heldNanos,
      available: availableNanos(state),
      lots: state.lots.map(({ leftNanos }) => leftNanos),
      allowances: [...state.allowances].sort(),
    }).toEqual({
      included: model.left(true),
      credits: model.left(false),
      held: model.held(),
      available: model.available(),
      lots: model.inOrder().map(({ left }) => left),
      allowances: [...model.allowances].filter(([, left]) => left > 0n).sort(),
    })
  }

  /** Whatever was answered is answered again, however much has happened since. */
  async compareAnswers(): Promise<void> {
    const again = await readReceipts(this.query, this.teamId, [...this.answers.keys()])
    expect(again.size).toBe(this.answers.size)
    for (const [key, receipt] of this.answers) expect(again.get(key)?.receipt).toEqual(receipt)
    const { rows } = await this.client.query<{ spent: string }>(
      "SELECT lifetime_spent_nanos AS spent FROM pools WHERE team_id = $1 AND id = $2",
      [this.teamId, this.poolId],
    )
    expect(rows[0]?.spent).toBe(String(this.model.spent))
  }
}

async function createPool(client: Client, teamId: string): Promise<{ poolId: string; version: bigint }> {
  const { rows } = await client.query<{ id: string }>(
    `WITH person AS (INSERT INTO members (team_id, user_id, role) VALUES ($1, uuidv7(), 'MEMBER') RETURNING id)
     INSERT INTO pools (team_id, member_id) SELECT $1, id FROM person RETURNING id`,
    [teamId],
  )
  const team = await client.query<{ version: string }>(
    "SELECT metering_version AS version FROM teams WHERE id = $1",
    [teamId],
  )
  return { poolId: rows[0]?.id ?? "", version: BigInt(team.rows[0]?.version ?? 0) }
}

test("thousands of random spends, credits, holds and days leave every pool as a model of a few lines says", async () => {
  const team = await createTestTeam(world.db)
  await world.db.meter.createMany({
    data: MODEL_METERS.map(({ consumable, decimals, rate }, index) => ({
      teamId: team.id,
      no: index + 1,
      ...{ consumable, decimals, rateNanos: rate, trigger: "api_key" },
    })),
  })
  const client = await connect(world)
  const query: Query = async ({ name, text }, values) => (await client.query({ name, text, values })).rows
  let steps = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 15, maxLength: 40 }), async (sequence) => {
        await client.query("BEGIN")
        try {
          const { poolId, version } = await createPool(client, team.id)
          const pair = new Pair(client, query, team.id, poolId, version)
          for (const step of sequence) await pair.perform(step)
          await pair.compareAnswers()
          await client.query("COMMIT")
          steps += sequence.length
        } catch (error) {
          await client.query("ROLLBACK")
          throw error
        }
      }),
      { numRuns: 90 },
    )
  } finally {
    await client.end()
  }
  expect(steps).toBeGreaterThan(2_000)
})
