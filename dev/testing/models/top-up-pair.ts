import { expect } from "vitest"
import { finishAuthentication } from "@/lib/auto-top-up/authentication"
import { decideOthers, decideSave, totalCharge } from "@/lib/auto-top-up/decide-save"
import { resumeTopUps, saveSettings } from "@/lib/auto-top-up/save-settings"
import { sweepTopUps } from "@/lib/auto-top-up/sweep"
import { returnPeriod, withholdPeriod } from "@/lib/billing/withhold-period"
import { HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { AppError, InvalidInputError, UnavailableError } from "@/lib/errors"
import type { Metering } from "@/lib/metering/metering"
import { openHold } from "@/lib/metering/open-hold"
import { releaseHold } from "@/lib/metering/settle-hold"
import { least } from "@/lib/money/least"
import { syncPaymentMethods } from "@/lib/payment-methods/sync-payment-methods"
import { topUpKey } from "@/lib/queue/enqueue-top-up"
import { stripeAt } from "@/stand-in/testing"
import { saveInput, topUpCtx } from "../auto-top-up"
import { credit, usd } from "../ledger"
import { SMS_NANOS } from "../metering"
import { answerTo, usageOf } from "../metering-usage"
import { buy, disputeOf, refundOf, report, reportDispute } from "../money-back"
import { attachCard, customerOf } from "../payment-methods"
import type { TestTeam } from "../teams"
import type { World } from "../world"
import type { ModelTopUps } from "./top-up-model"
import type { TopUpDeed, TopUpStep } from "./top-up-steps"
import { type Side, TopUpWatch } from "./top-up-watch"

type Deed<K extends TopUpDeed["do"]> = Extract<TopUpDeed, { do: K }>

const sms = (cents: number) => (usd(1) * BigInt(cents)) / 100n / SMS_NANOS

/** Plays a team with auto top-up, in the product and in the model. The player makes `now` the product's time. */
export class TopUpPair extends TopUpWatch {
  private readonly holds: { id: string; side: Side }[] = []

  constructor(
    world: World,
    private readonly metering: Metering,
    team: TestTeam,
  ) {
    super(world, team)
  }

  /** Both pools have it on and a little to spend, so that most steps mean something. */
  async begin(): Promise<void> {
    await this.changeCard("pm_card_visa")
    for (const side of this.sides) {
      await credit(this.world.db, { teamId: this.team.id, poolId: side.poolId }, usd(12))
      await this.observe()
      await this.save(side, { enabled: true, threshold: usd(10), amount: usd(20) })
    }
  }

  async perform({ deed, isLookedAt }: TopUpStep): Promise<void> {
    await this.act(deed)
    await this.compare()
    if (isLookedAt) await this.look()
  }

  private act(deed: TopUpDeed): Promise<unknown> | undefined {
    switch (deed.do) {
      case "use":
        return this.use(deed)
      case "hold":
        return this.hold(deed)
      case "release":
        return this.release(deed)
      case "give":
        return credit(this.world.db, this.ref(deed.pool), usd(deed.dollars))
      case "buy":
        return this.buy(deed)
      case "refund":
        return this.refund(deed)
      case "dispute":
        return this.dispute(deed)
      case "save":
        return this.save(this.side(deed.pool), {
          enabled: deed.enabled,
          threshold: usd(deed.threshold),
          amount: usd(deed.amount),
        })
      case "save-again":
        return this.save(this.side(deed.pool), this.side(deed.pool).model.settings)
      case "resume":
        return this.resume(deed)
      case "cap":
        return this.save(
          this.sides[0],
          this.sides[0].model.settings,
          deed.cap === null ? null : usd(deed.cap),
        )
      case "card":
        return this.changeCard(deed.card)
      case "decline":
        this.steered++
        return this.world.stripe.control.nextPayment({ kind: "decline", code: deed.code })
      case "ask-a-person":
        this.steered++
        return this.world.stripe.control.nextPayment({ kind: "authenticate" })
      case "confirm":
        return this.confirm(deed)
      case "outage":
        return this.goOut(deed)
      case "pass":
        this.now = new Date(this.now.getTime() + deed.minutes * MINUTE_MS)
        return
      case "month-ends": {
        const next = Date.UTC(this.now.getUTCFullYear(), this.now.getUTCMonth() + 1)
        this.now = new Date(next - MINUTE_MS)
        return
      }
      case "plan-unpaid":
        return this.withhold(deed)
      case "plan-paid":
        return this.returnPeriod(deed)
      case "sweep":
        return this.sweep()
    }
  }

  private side(index: number): Side {
    return this.sides[index === 0 ? 0 : 1]
  }

  private ref(index: number) {
    return { teamId: this.team.id, poolId: this.side(index).poolId }
  }

  private async use({ pool, cents }: Deed<"use">): Promise<void> {
    const { member, model } = this.side(pool)
    const cause = { trigger: "user" as const, user: member.memberId, apiKeyId: null }
    const answer = await answerTo(this.metering, this.team.id, usageOf({ quantity: sms(cents), cause }))
    const cost = sms(cents) * SMS_NANOS
    if ("refused" in answer) {
      expect(answer.refused).toBe("insufficient_credits")
      model.refused(cost)
      return
    }
    await this.observe()
    model.used()
  }

  private async hold({ pool, cents }: Deed<"hold">): Promise<void> {
    const side = this.side(pool)
    const request = {
      key: null,
      consumable: "sms" as const,
      quantity: sms(cents),
      cause: { trigger: "user" as const, user: side.member.memberId, apiKeyId: null },
      lifeMs: HOUR_MS,
      authorise: () => undefined,
    }
    try {
      const { hold } = await openHold(this.metering, this.team.id, request, this.now)
      this.holds.push({ id: hold.id, side })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      side.model.refused(sms(cents) * SMS_NANOS)
    }
  }

  private async release({ which }: Deed<"release">): Promise<void> {
    const hold = this.holds[which % Math.max(this.holds.length, 1)]
    if (!hold) return
    const input = { holdId: hold.id, authorise: () => undefined }
    await releaseHold(this.metering, this.team.id, input, this.now).catch((error) => {
      if (!(error instanceof AppError)) throw error
    })
  }

  private async buy({ pool, dollars }: Deed<"buy">): Promise<void> {
    const payment = await buy(this.world.db, this.ref(pool), usd(dollars), { settledAt: this.now })
    this.payments.push({ ...payment, left: usd(dollars), side: this.side(pool), isDisputed: false })
  }

  private async refund({ which, dollars }: Deed<"refund">): Promise<void> {
    const payment = this.payments[which % Math.max(this.payments.length, 1)]
    if (!payment || payment.left === 0n) return
    const amount = least(payment.left, usd(dollars))
    payment.left -= amount
    const charge = payment.side.model.charges.find((each) => each.id === payment.purchaseId)
    if (charge) charge.refunded += amount
    const refund = await refundOf(this.world.db, payment, amount, { occurredAt: this.now })
    await report(this.world.db, refund, this.now)
  }

  private async dispute({ which }: Deed<"dispute">): Promise<void> {
    const payment = this.payments[which % Math.max(this.payments.length, 1)]
    if (!payment || payment.isDisputed) return
    payment.isDisputed = true
    const dispute = await disputeOf(this.world.db, payment, usd(5), { occurredAt: this.now })
    await reportDispute(this.world.db, dispute, this.now)
    const { model } = payment.side
    // A payment refunded in full leaves a dispute nothing to take.
    if (model.settings.enabled && payment.left > 0n) model.isPaused = true
  }

  private async save(
    { poolId, model }: Side,
    settings: ModelTopUps["settings"],
    cap: bigint | null = this.cap,
  ): Promise<void> {
    const { enabled, threshold: thresholdNanos, amount: amountNanos } = settings
    const form = { enabled, thresholdNanos, amountNanos, capNanos: cap }
    const ctx = topUpCtx(this.world, this.team, { now: this.now })
    const input = await saveInput(this.world, this.team, { poolId, ...form })
    try {
      const first = await saveSettings(ctx, { ...input, agreedCharge: null })
      if (first.status === "not_agreed") {
        // The dialog's words, to which the person who presses the button agrees.
        const { state, waiting, paymentMethodId } = first.outlook
        const decision = decideSave(state, form, this.now)
        const charge = totalCharge(decision, decideOthers(waiting, { state, form, decision }))
        const agreedCharge = { amountNanos: charge, paymentMethodId: paymentMethodId ?? "" }
        expect(await saveSettings(ctx, { ...input, agreedCharge })).toEqual({
          status: "saved",
          isCharging: true,
        })
      }
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error
      return
    }
    this.cap = cap
    model.save(settings)
    await this.compare()
  }

  private async resume({ pool }: Deed<"resume">): Promise<void> {
    const { poolId, model } = this.side(pool)
    const method = await this.world.db.paymentMethod.findFirst({
      where: { teamId: this.team.id, isDefault: true },
    })
    const agreedCharge = method && { amountNanos: model.settings.amount, paymentMethodId: method.id }
    const ctx = topUpCtx(this.world, this.team, { now: this.now })
    await resumeTopUps(ctx, { poolId, agreedCharge }).catch((error) => {
      // There is nothing to resume.
      if (!(error instanceof AppError)) throw error
    })
    model.resume()
  }

  private async changeCard(testCard: string): Promise<void> {
    const { id, card } = await attachCard(this.world, this.team, testCard)
    await stripeAt(this.world.stripe.url).customers.update(await customerOf(this.world, this.team), {
      invoice_settings: { default_payment_method: id },
    })
    await syncPaymentMethods({ db: this.world.db, now: this.now }, this.team.id)
    this.card = card?.fingerprint ?? id
    for (const { model } of this.sides) model.newCard(this.card)
  }

  private async confirm({ pool }: Deed<"confirm">): Promise<void> {
    const { poolId } = this.side(pool)
    const open = await this.world.db.purchase.findFirst({
      where: { teamId: this.team.id, poolId, status: "open", needsAuthentication: true },
    })
    if (!open?.paymentIntentId || open.expiresAt <= this.now) return
    this.byPerson.add(open.id)
    const { authenticate } = this.world.stripe.control
    // It was confirmed before, and Stripe couldn't be read since.
    await authenticate(open.paymentIntentId, "complete").catch(() => undefined)
    const ctx = topUpCtx(this.world, this.team, { now: this.now })
    await finishAuthentication(ctx, { poolId }).catch((error) => {
      if (!(error instanceof UnavailableError)) throw error
    })
  }

  private async goOut({ at, after, isDone }: Deed<"outage">): Promise<void> {
    const match = {
      create: { method: "POST" as const, path: "/v1/payment_intents" },
      confirm: { method: "POST" as const, path: "/v1/payment_intents/*/confirm" },
      read: { method: "GET" as const, path: "/v1/payment_intents/*" },
    }[at]
    const fault = { kind: "status" as const, status: 500, effect: isDone, should_retry: false }
    this.isOut = true
    await this.world.stripe.control.fault({ match, after, fault })
  }

  private async withhold({ pool }: Deed<"plan-unpaid">): Promise<void> {
    const notGiven = { includedNanos: usd(20), consumables: "{}", quantities: "{}" }
    await this.world.db.$transaction((tx) =>
      withholdPeriod(queryIn(tx), this.ref(pool), { why: "unpaid", notGiven }, this.now),
    )
  }

  private async returnPeriod({ pool }: Deed<"plan-paid">): Promise<void> {
    await this.world.db.$transaction((tx) => returnPeriod(queryIn(tx), this.ref(pool), this.now))
  }

  private async sweep(): Promise<void> {
    const missed = this.sides.filter(({ model }) => {
      const { open, failed } = model
      if (open) return !open.waitsUntil || open.waitsUntil <= this.now
      const isSuspended = failed?.isSuspended && failed.card === this.card
      return model.settings.enabled && !model.isPaused && model.isWanted && !isSuspended
    })
    const { db } = this.world
    const keys = this.sides.map(({ poolId }) => topUpKey(poolId))
    await db.$executeRaw`DELETE FROM graphile_worker._private_jobs WHERE key = ANY(${keys})`
    await sweepTopUps({ db, now: this.now })
    const found = await db.$queryRaw<{ key: string }[]>`
      SELECT key FROM graphile_worker._private_jobs WHERE key = ANY(${keys}) ORDER BY key`
    expect(found.map(({ key }) => key)).toEqual(missed.map(({ poolId }) => topUpKey(poolId)).sort())
  }
}
