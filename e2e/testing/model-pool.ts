/** What a pool's plan gives in a period, in the model and in the ledger that is compared with it. */
export const MODEL_PERIOD_HOURS = 30 * 24
export const MODEL_INCLUDED = 50n
export const MODEL_ALLOWANCES = { llm_tokens: 30n, voice: 2_500n }
export const MODEL_METERS = [
  { consumable: "llm_tokens", decimals: 0, rate: 1n },
  { consumable: "voice", decimals: 3, rate: 7n },
  { consumable: "sms", decimals: 0, rate: 3n },
] as const

type ModelLot = { isIncluded: boolean; expires: number; left: bigint }
type ModelHold = { left: bigint; expires: number; isOpen: boolean }

export type ModelOutcome =
  | { cost: bigint; allowance: bigint; included: bigint; shortfall: bigint }
  | "refused"

/** One pool's ledger in a few lines, written without a look at the real one. Time is a number of hours. */
export class ModelPool {
  lots: ModelLot[] = []
  holds: ModelHold[] = []
  allowances = new Map<string, bigint>()
  spent = 0n
  private periodEnds = 0

  /** Ends what time has ended, and begins the period if a new one is due. Answers the period's first hour then. */
  tidy(hour: number): number | null {
    for (const hold of this.holds) if (hold.expires <= hour) this.close(hold)
    for (const lot of this.lots) if (lot.expires <= hour) lot.left = 0n
    if (hour < this.periodEnds) return null
    const starts = Math.floor(hour / MODEL_PERIOD_HOURS) * MODEL_PERIOD_HOURS
    this.periodEnds = starts + MODEL_PERIOD_HOURS
    this.allowances = new Map(Object.entries(MODEL_ALLOWANCES))
    this.lots.push({ isIncluded: true, expires: this.periodEnds, left: MODEL_INCLUDED })
    return starts
  }

  credit(left: bigint, expires: number): void {
    this.lots.push({ isIncluded: false, expires, left })
  }

  spend(meter: (typeof MODEL_METERS)[number], quantity: bigint, takesWhatIsThere: boolean): ModelOutcome {
    const given = this.allowances.get(meter.consumable) ?? 0n
    const allowance = given < quantity ? given : quantity
    const scale = 10n ** BigInt(meter.decimals)
    const price = (quantity - allowance) * meter.rate
    const asked = price / scale + ((price % scale) * 2n >= scale ? 1n : 0n)
    const available = this.available()
    // What costs nothing is refused to nobody, also when more is held than there is.
    const isShort = asked > 0n && asked > available
    if (isShort && !takesWhatIsThere) return "refused"
    const [cost, shortfall] = isShort ? [positive(available), asked - positive(available)] : [asked, 0n]
    this.allowances.set(meter.consumable, given - allowance)
    const before = this.left(true)
    this.draw(cost)
    const included = before - this.left(true)
    this.spent += cost - included
    return { cost, allowance, included, shortfall }
  }

  openHold(left: bigint, expires: number): boolean {
    if (left > this.available()) return false
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

  available(): bigint {
    return this.left(true) + this.left(false) - this.held()
  }

  /** Included first, then what expires soonest; of equals the oldest, because the sort is stable. */
  inOrder(): ModelLot[] {
    const rank = (lot: ModelLot) => (lot.isIncluded ? 0 : 1)
    return this.lots
      .filter(({ left }) => left > 0n)
      .sort((a, b) => rank(a) - rank(b) || (a.expires === b.expires ? 0 : a.expires - b.expires))
  }

  private draw(cost: bigint): void {
    let due = cost
    for (const lot of this.inOrder()) {
      const isEnough = lot.left >= due
      const drawn = isEnough ? due : lot.left
      lot.left -= drawn
      due -= drawn
    }
  }
}

const positive = (amount: bigint) => (amount > 0n ? amount : 0n)
