import { randomUUID } from "node:crypto"
import type { Client } from "pg"
import { expect } from "vitest"
import type { Db } from "@/lib/db/client"
import { lockPoolState } from "@/lib/ledger/pool-state"
import { postSpends } from "@/lib/ledger/post-spends"
import { planSpends, type SpendRequest } from "@/lib/metering/plan-spends"
import { usageKey } from "@/lib/metering/usage-key"
import { least } from "@/lib/money/least"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import type { DisputeRead } from "@/lib/stripe/read-dispute"
import type { RefundRead } from "@/lib/stripe/read-refunds"
import { buy, disputeOf, refundOf, report, reportDispute, type TestPayment } from "../money-back"
import {
  MODEL_ALLOWANCES,
  MODEL_INCLUDED,
  MODEL_METERS,
  MODEL_PERIOD_HOURS,
  type ModelPayment,
} from "./model-pool"
import type { ModelStep } from "./model-steps"
import { ModelWatch, timeOf } from "./model-watch"

const GIVES = [Object.keys(MODEL_ALLOWANCES), Object.values(MODEL_ALLOWANCES)]

type Paid = { payment: TestPayment; model: ModelPayment; refunds: RefundRead[]; dispute: DisputeRead | null }
type Step<K extends ModelStep["do"]> = Extract<ModelStep, { do: K }>

/** Plays steps on a pool, in the ledger and in the model. Each step is committed, so that the checks at commit run. */
export class ModelPair extends ModelWatch {
  private readonly holdIds: string[] = []
  private readonly paid: Paid[] = []
  /** In the order of the model's records. */
  private readonly usageKeys: bigint[] = []
  private isNextPaid = true

  constructor(
    db: Db,
    client: Client,
    pool: { teamId: string; poolId: string },
    private readonly version: bigint,
  ) {
    super(db, client, pool)
  }

  async perform(step: ModelStep): Promise<void> {
    if (step.do === "pass") this.hour += step.hours
    await this.commit(() => this.tidy())
    await this.act(step)
    await this.compare()
  }

  private act(step: ModelStep): Promise<unknown> | undefined {
    switch (step.do) {
      case "spend":
        return this.commit(() => this.spend(step.meter, step.quantity, step.takesWhatIsThere))
      case "reverse":
        return this.commit(() => this.reverse(step))
      case "give":
        return this.give(step)
      case "buy":
        return this.buy(step)
      case "refund":
        return this.refund(step)
      case "fail-refund":
        return this.failRefund(step)
      case "dispute":
        return this.dispute(step)
      case "hold":
        return this.hold(step)
      case "release":
      case "reduce":
      case "capture":
        return this.commit(() => this.settle(step))
      case "withhold":
        return this.withhold()
      case "return":
        return this.returnWithheld()
      case "fail-renewal":
        this.isNextPaid = false
    }
  }

  private async tidy(): Promise<void> {
    const isPaid = this.isNextPaid
    const starts = this.model.tidy(this.hour, isPaid)
    const begin = starts ?? Math.floor(this.hour / MODEL_PERIOD_HOURS) * MODEL_PERIOD_HOURS
    const gives = isPaid ? [MODEL_INCLUDED, ...GIVES] : [0n, [], []]
    // Called each time: a period that has begun doesn't begin again.
    const begun = await this.answer(
      "SELECT ledger_begin_period($1, $2, uuidv7(), 'build', $3, $4, $5, 10::smallint, $6, $7, $8)",
      [...this.ref, timeOf(begin), timeOf(begin + MODEL_PERIOD_HOURS), ...gives, this.now],
    )
    expect(begun).toBe(starts !== null)
    if (starts !== null && !isPaid)
      await this.client.query(
        "SELECT ledger_withhold_period($1, $2, uuidv7(), 'unpaid', false, '{}', '{}', $3, $4, $5, $6)",
        [...this.ref, MODEL_INCLUDED, ...GIVES, this.now],
      )
    if (starts !== null) this.isNextPaid = true
    await this.client.query("SELECT ledger_expire($1, $2, $3)", [...this.ref, this.now])
  }

  private async give({ amount, expiresIn }: Step<"give">): Promise<void> {
    const expires = expiresIn === null ? Number.POSITIVE_INFINITY : this.hour + expiresIn
    this.model.give(amount, expires)
    await this.client.query(
      "SELECT ledger_credit($1, $2, 'promotion', 'promotion', 20::smallint, $3, uuidv7(), $4, $5, NULL)",
      [...this.ref, amount, this.now, expiresIn === null ? null : timeOf(expires)],
    )
  }

  private async buy({ cents, taxCents }: Step<"buy">): Promise<void> {
    const amount = BigInt(cents) * NANOS_PER_CENT
    const taxNanos = BigInt(taxCents) * NANOS_PER_CENT
    this.model.buy(amount, taxNanos)
    const payment = await buy(this.db, this.pool, amount, { settledAt: this.now, taxNanos })
    const model = this.model.payments.at(-1)
    if (model) this.paid.push({ payment, model, refunds: [], dispute: null })
  }

  /** Picks one of the payments, and as much of it as the step says. */
  private choose(which: number, cents: number | null) {
    const paid = this.paid[which % Math.max(this.paid.length, 1)]
    return paid && { paid, amount: cents === null ? paid.model.paid : BigInt(cents) * NANOS_PER_CENT }
  }

  private async refund({ which, cents, isToldTwice }: Step<"refund">): Promise<void> {
    const chosen = this.choose(which, cents)
    if (!chosen) return
    const { paid, amount } = chosen
    const refunded = paid.refunds.reduce((sum, { amountNanos }) => sum + (amountNanos ?? 0n), 0n)
    // Stripe refunds no more than was paid.
    const left = paid.model.paid - refunded
    if (left === 0n) return
    const nanos = least(amount, left)
    const refund = await refundOf(this.db, paid.payment, nanos, { occurredAt: this.now })
    paid.refunds.push(refund)
    this.model.claim(paid.model, refund.stripeRefundId, nanos)
    for (let times = 0; times <= Number(isToldTwice); times++) await report(this.db, refund, this.now)
  }

  private async failRefund({ which }: Step<"fail-refund">): Promise<void> {
    const paid = this.choose(which, null)?.paid
    const refund = paid?.refunds.find(({ status }) => status === "succeeded")
    if (!paid || !refund) return
    refund.status = "failed"
    this.model.claim(paid.model, refund.stripeRefundId, 0n)
    await report(this.db, refund, this.now)
  }

  private async dispute({ which, cents, status }: Step<"dispute">): Promise<void> {
    const chosen = this.choose(which, cents)
    if (!chosen) return
    const { paid, amount } = chosen
    const read = { status, amountNanos: least(amount, paid.model.paid) }
    paid.dispute ??= await disputeOf(this.db, paid.payment, amount, { occurredAt: this.now })
    Object.assign(paid.dispute, read)
    const hasTaken = status === "open" || status === "lost"
    this.model.claim(paid.model, "dispute", hasTaken ? read.amountNanos : 0n)
    await reportDispute(this.db, paid.dispute, this.now)
  }

  private async withhold(): Promise<void> {
    const withheld = await this.answer(
      "SELECT ledger_withhold_period($1, $2, uuidv7(), 'unpaid', false, '{}', '{}', 0, '{}', '{}', $3)",
      [...this.ref, this.now],
    )
    expect(withheld).toBe(this.model.withhold())
  }

  private async returnWithheld(): Promise<void> {
    const returned = await this.answer("SELECT ledger_return_period($1, $2, 10::smallint, $3)", [
      ...this.ref,
      this.now,
    ])
    expect(returned).toBe(this.model.returnWithheld())
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

  /** `holdId` is a hold that gives back in the same transaction, just before. */
  private async spend(meter: number, quantity: bigint, takesWhatIsThere: boolean, holdId?: string) {
    const terms = MODEL_METERS[meter]
    const hold = holdId === undefined ? undefined : this.model.holds[this.holdIds.indexOf(holdId)]
    const freed = hold?.left ?? 0n
    if (hold) this.model.close(hold)
    const expected = terms && this.model.spend(terms, quantity, takesWhatIsThere)
    const read = await lockPoolState(this.query, ...this.ref)
    const before = holdId
      ? { ...read, heldNanos: read.heldNanos - freed, revision: read.revision + 1n }
      : read
    const request = this.request(meter, quantity, takesWhatIsThere)
    const { outcomes, spend } = planSpends(before, [request], 0n)
    const [outcome] = outcomes
    if (!outcome || "refusal" in outcome) {
      const refusal = outcome?.refusal
      const [refused, asked, available] = [refusal?.reason, refusal?.requiredNanos, refusal?.availableNanos]
      expect({ refused, asked, available }).toEqual(expected)
      return
    }
    const { costNanos: cost, allowanceQuantity: allowance, includedNanos: included } = outcome.receipt
    const { shortfallNanos: shortfall } = outcome.receipt
    expect({ cost, allowance, included, shortfall }).toEqual(expected)
    if (holdId) await this.reduce(holdId, freed, "captured", { quantity, shortfall })
    const team = { id: this.pool.teamId, version: this.version }
    const applied = await postSpends(this.query, team, this.now, [spend])
    expect(applied).toEqual(new Set([this.pool.poolId]))
    // The shortfall is recorded with the capture, not with the entry.
    this.usageKeys.push(request.key)
    this.answers.set(request.key, { ...outcome.receipt, shortfallNanos: 0n })
  }

  private async reverse({ which, quantity }: Step<"reverse">): Promise<void> {
    const index = which % Math.max(this.usageKeys.length, 1)
    const record = this.model.records[index]
    if (!record || record.quantity === 0n) return
    const reversed = quantity === null ? record.quantity : least(quantity, record.quantity)
    this.model.reverse(record, reversed, this.hour)
    await this.client.query(
      "SELECT ledger_reverse_usage($1, uuidv7(), $2, $3, $4, 0, $5, 'print', 'A reason', NULL, $6)",
      [...this.ref, this.usageKeys[index], reversed, randomUUID(), this.now],
    )
  }

  private async hold({ amount, expiresIn }: Step<"hold">): Promise<void> {
    const id = randomUUID()
    const expires = this.hour + expiresIn
    const isOpened = this.model.openHold(amount, expires)
    const [teamId, poolId] = this.ref
    const opened = await this.client
      .query("SELECT ledger_open_hold($1, $2, $3, 1, 1, $4, $5, 'print', $6, $7)", [
        ...[teamId, id, poolId, amount, id, this.now, timeOf(expires)],
      ])
      .then(
        () => true,
        () => false,
      )
    expect(opened).toBe(isOpened)
    if (opened) this.holdIds.push(id)
  }

  private async settle(step: Step<"release" | "reduce" | "capture">): Promise<void> {
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
      ...[this.pool.teamId, id, amount, status, this.now],
      ...[captured?.quantity ?? null, captured?.shortfall ?? null],
    ])
  }
}
