import { least } from "@/lib/money/least"
import { isDebt } from "@/lib/money/usd"

/** The terms of a pool's plan for a period, in the model and in the compared ledger. */
export const MODEL_PERIOD_HOURS = 30 * 24
export const MODEL_INCLUDED = 50n
export const MODEL_ALLOWANCES = { llm_tokens: 30n, voice: 2_500n }
export const MODEL_METERS = [
  { consumable: "llm_tokens", decimals: 0, rate: 1n },
  { consumable: "voice", decimals: 3, rate: 7n },
  { consumable: "sms", decimals: 0, rate: 3n },
] as const

type ModelMeter = (typeof MODEL_METERS)[number]
type ModelLot = { isIncluded: boolean; expires: number; left: bigint }
/** The payment of a usage record by one lot. Null: by paid credits. */
type ModelDraw = { lot: ModelLot | null; amount: bigint }
/** A usage record, as far as it wasn't reversed. */
export type ModelRecord = {
  meter: ModelMeter
  quantity: bigint
  allowance: bigint
  period: number
  draws: ModelDraw[]
}
type ModelHold = { left: bigint; expires: number; isOpen: boolean }
/** The claims of a payment's refunds and disputes, by their names, and the credits that they have taken. */
export type ModelPayment = { captured: bigint; paid: bigint; claims: Map<string, bigint>; taken: bigint }

export type ModelOutcome =
  | { cost: bigint; allowance: bigint; included: bigint; shortfall: bigint }
  | { refused: string; asked: bigint; available: bigint }

/** One pool's ledger in a few lines, written without looking at the real one. Time is a number of hours. */
export class ModelPool {
  /** Lots that were included or given. Paid credits are one sum, because they never expire. */
  lots: ModelLot[] = []
  paid = 0n
  debt = 0n
  holds: ModelHold[] = []
  allowances = new Map<string, bigint>()
  payments: ModelPayment[] = []
  records: ModelRecord[] = []
  withheld: { included: bigint; allowances: Map<string, bigint> } | null = null
  added = 0n
  given = 0n
  spent = 0n
  expired = 0n
  private periodEnds = 0

  /** Ends what time has ended, and begins a due period. Returns the new period's first hour. */
  tidy(hour: number, isPaid: boolean): number | null {
    for (const hold of this.holds) if (hold.expires <= hour) this.close(hold)
    for (const lot of this.lots.filter(({ expires }) => expires <= hour)) {
      if (!lot.isIncluded) this.expired += lot.left
      lot.left = 0n
    }
    if (hour < this.periodEnds) return null
    const starts = Math.floor(hour / MODEL_PERIOD_HOURS) * MODEL_PERIOD_HOURS
    this.periodEnds = starts + MODEL_PERIOD_HOURS
    const gives = { included: MODEL_INCLUDED, allowances: new Map(Object.entries(MODEL_ALLOWANCES)) }
    this.withheld = isPaid ? null : gives
    this.allowances = new Map(isPaid ? gives.allowances : [])
    if (isPaid) this.include(gives.included)
    return starts
  }

  /** Takes the unused part of what the period gave. */
  withhold(): boolean {
    if (this.withheld) return false
    this.withheld = { included: this.left(true), allowances: this.allowances }
    this.allowances = new Map()
    for (const lot of this.lots) if (lot.isIncluded) lot.left = 0n
    return true
  }

  returnWithheld(): boolean {
    if (!this.withheld) return false
    this.include(this.withheld.included)
    this.allowances = this.withheld.allowances
    this.withheld = null
    return true
  }

  give(amount: bigint, expires: number): void {
    this.given += amount
    this.lots.push({ isIncluded: false, expires, left: amount - this.repay(amount) })
  }

  buy(captured: bigint, tax: bigint): void {
    this.added += captured
    this.paid += captured - this.repay(captured)
    this.payments.push({ captured, paid: captured + tax, claims: new Map(), taken: 0n })
  }

  /** Sets what a refund or dispute now claims of a payment: nothing, if it failed or was won. */
  claim(payment: ModelPayment, name: string, amount: bigint): void {
    payment.claims.set(name, amount)
    const { captured, paid } = payment
    const claims = [...payment.claims.values()]
    const sum = (amounts: bigint[]) => amounts.reduce((total, each) => total + each, 0n)
    // Each share of the credits is rounded half up. Claims to the whole payment get all credits.
    const shares = claims.map((each) => (2n * each * captured + paid) / (2n * paid))
    const taken = sum(claims) >= paid ? captured : least(sum(shares), captured)
    if (taken > payment.taken) this.takeBack(taken - payment.taken)
    else this.paid += payment.taken - taken - this.repay(payment.taken - taken)
    payment.taken = taken
  }

  spend(meter: ModelMeter, quantity: bigint, takesWhatIsThere: boolean): ModelOutcome {
    const given = this.allowances.get(meter.consumable) ?? 0n
    const allowance = least(given, quantity)
    const asked = priceOf(meter, quantity - allowance)
    const available = isDebt(-this.debt) ? 0n : this.available()
    // Usage that costs nothing is refused only in debt, even when more is held than there is.
    const isShort = isDebt(-this.debt) || (asked > 0n && asked > available)
    if (isShort && !takesWhatIsThere) return this.refusal(meter, asked)
    const [cost, shortfall] = isShort ? [positive(available), asked - positive(available)] : [asked, 0n]
    this.allowances.set(meter.consumable, given - allowance)
    const before = this.left(true)
    const draws = this.draw(cost)
    this.records.push({ meter, quantity, allowance, period: this.periodEnds, draws })
    const included = before - this.left(true)
    this.spent += cost - included
    return { cost, allowance, included, shortfall }
  }

  /** Leaves of a record what this quantity less would have cost, and gives the rest back, last drawn first. */
  reverse(record: ModelRecord, quantity: bigint, hour: number): void {
    const isOfNow = record.period === this.periodEnds
    record.quantity -= quantity
    const allowance = least(record.allowance, record.quantity)
    const target = this.withheld?.allowances ?? this.allowances
    const { consumable } = record.meter
    if (isOfNow && record.allowance > allowance)
      target.set(consumable, (target.get(consumable) ?? 0n) + record.allowance - allowance)
    record.allowance = allowance
    const cost = record.draws.reduce((sum, { amount }) => sum + amount, 0n)
    let due = cost - least(cost, priceOf(record.meter, record.quantity - allowance))
    for (const draw of record.draws.toReversed()) {
      const back = least(draw.amount, due)
      due -= back
      draw.amount -= back
      if (draw.lot?.isIncluded) this.returnIncluded(draw.lot, back)
      else this.returnCredits(draw.lot, back, hour)
    }
  }

  private returnIncluded(lot: ModelLot, back: bigint): void {
    if (lot.expires !== this.periodEnds) return
    if (this.withheld) this.withheld.included += back
    else lot.left += back
  }

  private returnCredits(lot: ModelLot | null, back: bigint, hour: number): void {
    this.spent -= back
    const rest = back - this.repay(back)
    if (lot === null) this.paid += rest
    else if (lot.expires <= hour) this.expired += rest
    else lot.left += rest
  }

  openHold(left: bigint, expires: number): boolean {
    if (isDebt(-this.debt) || (left > 0n && left > this.available())) return false
    this.holds.push({ left, expires, isOpen: true })
    return true
  }

  close(hold: ModelHold): void {
    hold.isOpen = false
    hold.left = 0n
  }

  held(): bigint {
    return this.holds.reduce((sum, { left }) => sum + left, 0n)
  }

  left(isIncluded: boolean): bigint {
    return this.lots.reduce((sum, lot) => (lot.isIncluded === isIncluded ? sum + lot.left : sum), 0n)
  }

  balance(): bigint {
    return this.left(false) + this.paid - this.debt
  }

  available(): bigint {
    return this.left(true) + this.balance() - this.held()
  }

  takenBack(): bigint {
    return this.payments.reduce((sum, { taken }) => sum + taken, 0n)
  }

  /** Included first, then the soonest to expire. Of equals the oldest, because the sort is stable. */
  inOrder(): ModelLot[] {
    const rank = (lot: ModelLot) => (lot.isIncluded ? 0 : 1)
    return this.lots
      .filter(({ left }) => left > 0n)
      .sort((a, b) => rank(a) - rank(b) || (a.expires === b.expires ? 0 : a.expires - b.expires))
  }

  private include(left: bigint): void {
    this.lots.push({ isIncluded: true, expires: this.periodEnds, left })
  }

  private refusal(meter: ModelMeter, asked: bigint): ModelOutcome {
    const available = this.available()
    const wasNeverPaid = this.added === 0n && this.spent === 0n && meter.consumable !== "sms"
    const wouldDo =
      this.withheld && this.withheld.included > 0n && available + this.withheld.included >= asked
    const refused = isDebt(-this.debt)
      ? "debt"
      : wouldDo
        ? "plan_unpaid"
        : wasNeverPaid && available <= 0n
          ? "allowance_exhausted"
          : available < 10_000_000n
            ? "pool_empty"
            : "not_enough"
    return { refused, asked, available }
  }

  private draw(cost: bigint): ModelDraw[] {
    const lots = this.inOrder().map((lot) => ({ lot, before: lot.left }))
    const fromPaid = this.drawFrom(this.inOrder(), cost)
    this.paid -= fromPaid
    return [
      ...lots.map(({ lot, before }) => ({ lot, amount: before - lot.left })),
      { lot: null, amount: fromPaid },
    ]
  }

  /** Paid credits go first, then given ones. What neither holds becomes debt. */
  private takeBack(amount: bigint): void {
    const fromPaid = least(amount, this.paid)
    this.paid -= fromPaid
    const promotions = this.inOrder().filter(({ isIncluded }) => !isIncluded)
    this.debt += this.drawFrom(promotions, amount - fromPaid)
  }

  private drawFrom(lots: ModelLot[], amount: bigint): bigint {
    let due = amount
    for (const lot of lots) {
      const drawn = least(lot.left, due)
      lot.left -= drawn
      due -= drawn
    }
    return due
  }

  /** Returns how much of new credits repays debt. */
  private repay(amount: bigint): bigint {
    const repaid = least(amount, this.debt)
    this.debt -= repaid
    return repaid
  }
}

/** Rounded half up, to the nano. */
function priceOf({ rate, decimals }: ModelMeter, quantity: bigint): bigint {
  const scale = 10n ** BigInt(decimals)
  return (quantity * rate) / scale + (((quantity * rate) % scale) * 2n >= scale ? 1n : 0n)
}

const positive = (amount: bigint) => (amount > 0n ? amount : 0n)
