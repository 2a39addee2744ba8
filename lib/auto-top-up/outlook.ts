import type { TopUpState } from "./decide"

/** A pool that is due and that nothing but the team's cap holds back. */
export type Waiting = { poolId: string; amountNanos: bigint }

/** What the page needs to say what saving would charge, as of a moment of the server's clock. */
export type Outlook = {
  state: TopUpState
  /** What would be charged. */
  paymentMethodId: string | null
  /** The team's other pools that a raised cap tops up, in their order. */
  waiting: Pick<Waiting, "amountNanos">[]
  asOf: Date
}

const THIS_CARD = "this"
const OTHER_CARD = "another"

export type Saved =
  /** `isCharging`: a top-up was begun by it. */
  | { status: "saved"; isCharging: boolean }
  /** It would charge what nobody agreed to, so nothing was saved; this is what would be charged now. */
  | { status: "not_agreed"; outlook: Outlook }

/** The same without what is nobody's business outside the server. */
export function toOutlook(
  state: TopUpState,
  { paymentMethodId, waiting, asOf }: Omit<Outlook, "state">,
): Outlook {
  const { openAttempt, paymentMethod, failures } = state
  const hasFailed = failures !== null && failures.fingerprint === paymentMethod?.fingerprint
  return {
    state: {
      ...state,
      openAttempt: openAttempt && {
        needsAuthentication: openAttempt.needsAuthentication,
        expiresAt: openAttempt.expiresAt,
      },
      paymentMethod: paymentMethod && { ...paymentMethod, fingerprint: THIS_CARD },
      failures: failures && { ...failures, fingerprint: hasFailed ? THIS_CARD : OTHER_CARD },
    },
    paymentMethodId,
    waiting: waiting.map(({ amountNanos }) => ({ amountNanos })),
    asOf,
  }
}
