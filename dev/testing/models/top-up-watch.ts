import { expect } from "vitest"
import type { PurchaseStatus } from "@/lib/db/generated/enums"
import { UnavailableError } from "@/lib/errors"
import { availableOf } from "@/lib/pools/is-low"
import { listTopUps, runTopUp } from "../auto-top-up"
import { usd } from "../ledger"
import type { TestPayment } from "../money-back"
import { customerOf } from "../payment-methods"
import type { TestMember, TestTeam } from "../teams"
import type { World } from "../world"
import { ModelTopUps } from "./top-up-model"

export type Side = { member: TestMember; poolId: string; model: ModelTopUps }
type TopUp = Awaited<ReturnType<typeof listTopUps>>[number]
type Payment = TestPayment & { left: bigint; side: Side; isDisputed: boolean }

/** Compares what the jobs do to a team, in our rows and in Stripe's books, with the model. */
export class TopUpWatch {
  now = new Date()
  protected cap: bigint | null = usd(200)
  protected card: string | null = null
  protected readonly sides: [Side, Side]
  protected readonly payments: Payment[] = []
  /** Outcomes for the next charges, in place of their card's own. */
  protected steered = 0
  protected isOut = false
  /** Each top-up's last known state, and the payments made. */
  private readonly seen = new Map<string, string>()
  private readonly charged = new Set<string>()
  /** Top-ups that a person confirmed at the bank: that deed needs no other cause. */
  protected readonly byPerson = new Set<string>()

  constructor(
    protected readonly world: World,
    protected readonly team: TestTeam,
  ) {
    const side = (member: TestMember) => ({ member, poolId: member.poolId, model: new ModelTopUps() })
    this.sides = [side(team.owner), side(team.member)]
  }

  /** How often a card was charged. */
  get charges(): number {
    return this.charged.size
  }

  /** Notes what there is to pay with, and which top-up is under way. */
  protected async observe(): Promise<void> {
    const teamId = this.team.id
    const pools = await this.world.db.pool.findMany({ where: { teamId } })
    const status = { in: ["created", "open", "processing"] satisfies PurchaseStatus[] }
    const open = await this.world.db.purchase.findMany({ where: { teamId, kind: "auto_top_up", status } })
    for (const { poolId, model } of this.sides) {
      const pool = pools.find(({ id }) => id === poolId)
      if (!pool) throw new Error("A pool stays")
      model.isPlanUnpaid = pool.withheldNanos > 0n
      model.see(availableOf(pool))
      const own = open.find((each) => each.poolId === poolId)
      model.open = own ? { ...own, waitsUntil: own.needsAuthentication ? own.expiresAt : null } : null
    }
  }

  /** Runs the jobs and checks them. */
  async look(): Promise<void> {
    for (const { poolId, model } of this.sides) {
      const isExpected = !model.open && this.objections(model).length === 0
      const isCertain = this.steered === 0 && !this.isOut
      const before = model.charges.length
      await runTopUp(this.world, this.team, this.now, poolId).catch((error) => {
        if (!(error instanceof UnavailableError)) throw error
      })
      await this.compare()
      if (isExpected && isCertain) expect(model.charges.length).toBe(before + 1)
    }
    if (this.isOut) await this.world.stripe.control.clearFaults()
    this.isOut = false
  }

  private objections(model: ModelTopUps): string[] {
    const month = this.now.toISOString().slice(0, 7)
    const committed = this.sides.reduce(
      (sum, { model: each }) => sum + each.chargedIn(month) + (each.open?.amountNanos ?? 0n),
      0n,
    )
    const hasRoom = this.cap === null || committed + model.settings.amount <= this.cap
    return [
      ...model.objectionsToCharge(this.card),
      ...model.objectionsToBegin(this.card, this.now.getTime()),
      ...(hasRoom ? [] : ["the cap leaves no room"]),
    ]
  }

  /** Follows each top-up since the last look. Every start and every charge must have been right. */
  protected async compare(): Promise<void> {
    const topUps = await listTopUps(this.world, this.team)
    for (const topUp of topUps.filter(({ id }) => !this.seen.has(id))) this.noteBegun(topUp)
    const customer = await customerOf(this.world, this.team)
    const { data } = await this.world.stripe.control.payments({ customer })
    for (const { id } of data.filter((each) => !this.charged.has(each.id))) {
      const topUp = topUps.find(({ paymentIntentId }) => paymentIntentId === id)
      if (!topUp) throw new Error("Something was charged that no top-up asked for")
      this.charged.add(id)
      const model = this.modelOf(topUp)
      if (!this.byPerson.has(topUp.id)) expect(model.objectionsToCharge(topUp.cardFingerprint)).toEqual([])
    }
    for (const topUp of topUps) this.follow(topUp)
    const paid = topUps.filter(({ status }) => status === "succeeded")
    for (const { paymentIntentId } of paid) expect(this.charged).toContain(paymentIntentId)
    await this.observe()
  }

  private modelOf({ poolId }: TopUp): ModelTopUps {
    const side = this.sides.find((each) => each.poolId === poolId)
    if (!side) throw new Error("A top-up is of one of the two pools")
    return side.model
  }

  private noteBegun(topUp: TopUp): void {
    const model = this.modelOf(topUp)
    expect(this.objections(model)).toEqual([])
    expect({ cause: topUp.dueCause, amount: topUp.amountNanos, card: topUp.cardFingerprint }).toEqual({
      cause: model.due?.cause,
      amount: model.settings.amount,
      card: this.card,
    })
    model.begun.push(topUp.createdAt.getTime())
    model.open = { amountNanos: topUp.amountNanos, waitsUntil: null }
    this.seen.set(topUp.id, "begun")
  }

  private follow(topUp: TopUp): void {
    const { id, status, failureCode, cardFingerprint } = topUp
    const isAsking = status === "open" && topUp.needsAuthentication
    const now = isAsking ? "asking" : status
    if (this.seen.get(id) === now) return
    this.seen.set(id, now)
    if (isAsking || failureCode === "insufficient_funds" || failureCode === "stolen_card") this.steered--
    if (status === "succeeded") this.noteCredited(topUp)
    if (status !== "failed" || !cardFingerprint) return
    const isFinal = failureCode === "stolen_card"
    const model = this.modelOf(topUp)
    for (const { model: each } of this.sides)
      if (each === model || (isFinal && each.isSaved))
        each.fail(cardFingerprint, { at: this.now.getTime(), isFinal, current: this.card })
  }

  private noteCredited(topUp: TopUp): void {
    const { id, teamId, poolId, amountNanos, paymentIntentId } = topUp
    const side = this.sides.find((each) => each.poolId === poolId)
    if (!side || !paymentIntentId) throw new Error("A top-up that was paid has a payment")
    const times = { beganAt: topUp.createdAt.getTime(), paidAt: this.now.getTime() }
    side.model.pay({ id, ...times, amount: amountNanos, refunded: 0n })
    const payment = { teamId, poolId, purchaseId: id, paymentIntentId }
    this.payments.push({ ...payment, left: amountNanos, side, isDisputed: false })
  }
}
