import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { usd } from "../ledger"

export type ModelCause = "usage" | "refusal" | "save" | "new_card"
export type ModelSettings = { enabled: boolean; threshold: bigint; amount: bigint }
type Charge = { id: string; beganAt: number; paidAt: number; amount: bigint; refunded: bigint }

/**
 * The permitted charges for one pool in a few lines, written without looking at the real rules. Times are in
 * milliseconds.
 */
export class ModelTopUps {
  settings: ModelSettings = { enabled: false, threshold: usd(10), amount: usd(50) }
  isSaved = false
  due: { cause: ModelCause; needs: bigint } | null = null
  isPaused = false
  failed: { card: string; times: number; at: number; isSuspended: boolean } | null = null
  /** When each top-up was begun. */
  begun: number[] = []
  charges: Charge[] = []
  available = 0n
  isPlanUnpaid = false
  /** The top-up under way, and until when it waits for a person. */
  open: { amountNanos: bigint; waitsUntil: Date | null } | null = null

  get isLow(): boolean {
    return this.available <= this.settings.threshold
  }

  get isWanted(): boolean {
    return this.due !== null && (this.isLow || this.available < this.due.needs)
  }

  /** Notes what there is to pay with now. A pool that has enough again is no longer due. */
  see(available: bigint): void {
    this.available = available
    if (!this.isWanted) this.due = null
  }

  used(): void {
    if (this.settings.enabled && this.isLow) this.due ??= { cause: "usage", needs: 0n }
  }

  refused(needs: bigint): void {
    const wouldPass = this.available < needs && this.available + this.settings.amount >= needs
    if (this.settings.enabled && wouldPass) this.due ??= { cause: "refusal", needs }
  }

  save(settings: ModelSettings): void {
    const { enabled, threshold, amount } = this.settings
    const isSame =
      enabled === settings.enabled && threshold === settings.threshold && amount === settings.amount
    if (!isSame) this.due = null
    if (settings.enabled && !enabled) this.forgive()
    this.settings = settings
    this.isSaved = true
    this.wantByHand()
  }

  resume(): void {
    if (!this.isPaused && !this.failed?.isSuspended) return
    this.forgive()
    this.wantByHand()
  }

  newCard(card: string): void {
    if (this.settings.enabled && this.failed && this.failed.card !== card && this.isLow)
      this.due = { cause: "new_card", needs: 0n }
  }

  /** `current` is the card that is charged next. Its own record isn't forgotten for another card's. */
  fail(
    card: string,
    { at, isFinal, current }: { at: number; isFinal: boolean; current: string | null },
  ): void {
    if (this.failed && this.failed.card !== card && this.failed.card === current) return
    const times = (this.failed?.card === card ? this.failed.times : 0) + 1
    this.failed = { card, times, at, isSuspended: isFinal || times >= 3 }
  }

  pay(charge: Charge): void {
    this.charges.push(charge)
    this.failed = null
    this.due = null
  }

  /** Lists objections to any charge of this card now. */
  objectionsToCharge(card: string | null): string[] {
    return [
      !this.settings.enabled && "it is off",
      this.isPaused && "it is paused",
      this.isPlanUnpaid && "the plan isn't paid",
      !this.isWanted && "nothing made it due",
      this.failed !== null && this.failed.card === card && this.failed.isSuspended && "its card is suspended",
    ].filter((each) => each !== false)
  }

  /** Lists the pool's own further objections to beginning one. */
  objectionsToBegin(card: string | null, now: number): string[] {
    const isCooling = this.failed !== null && this.failed.card === card && now < this.failed.at + HOUR_MS
    return [
      card === null && "there is no card",
      isCooling && "it failed within the hour",
      this.begunSince(now - HOUR_MS) >= 3 && "three were begun within the hour",
      this.begunSince(now - DAY_MS) >= 10 && "ten were begun within the day",
    ].filter((each) => each !== false)
  }

  begunSince(time: number): number {
    return this.begun.filter((at) => at > time).length
  }

  /** Returns what counts against the month's cap, besides top-ups under way. */
  chargedIn(month: string): bigint {
    const monthOf = (at: number) => new Date(at).toISOString().slice(0, 7)
    return this.charges
      .filter(({ beganAt, paidAt }) => monthOf(Math.max(beganAt, paidAt)) >= month)
      .reduce((sum, { amount, refunded }) => sum + amount - refunded, 0n)
  }

  private wantByHand(): void {
    if (this.settings.enabled && this.isLow) this.due = { cause: "save", needs: 0n }
  }

  private forgive(): void {
    this.failed = null
    this.isPaused = false
  }
}
