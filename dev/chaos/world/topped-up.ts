/** More than a purchase may cost, and different for each team, so that an amount says whose top-up it is. */
const FIRST_CENTS = 200_000

export const VISA = "pm_card_visa"
const DECLINED = "pm_card_chargeCustomerFail"
const AUTHENTICATES = "pm_card_authenticationRequired"
const CARDS = [VISA, VISA, VISA, DECLINED, VISA, VISA, AUTHENTICATES, VISA, VISA, VISA] as const

/** A team's pool with auto top-up, and its amount. */
export type ToppedUp = {
  memberId: string
  email: string
  poolId: string
  cents: number
  card: string
  /** The customer whom Stripe charges. */
  customer: string
}

export const topUpOf = (n: number) => ({
  cents: FIRST_CENTS + n,
  card: CARDS[n % CARDS.length] ?? VISA,
})
