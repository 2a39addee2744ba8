import type { TopUpState } from "./decide"

/** A pool that is due and that only the team's cap holds back. */
export type Waiting = { poolId: string; amountNanos: bigint }

/** The facts, as of a moment of the server's clock, from which the page says what saving would charge. */
export type Outlook = {
  state: TopUpState
  /** The method that would be charged. */
  paymentMethodId: string | null
  /** The team's other pools that a raised cap tops up, in order. */
  waiting: Pick<Waiting, "amountNanos">[]
  asOf: Date
}

const THIS_CARD = "this"
const OTHER_CARD = "another"

export type Saved =
  /** `isCharging` is true if it began a top-up. */
  | { status: "saved"; isCharging: boolean }
  /** Nothing was saved, because it would have charged what nobody agreed to. This is what it would charge now. */
  | { status: "not_agreed"; outlook: Outlook }
  /** It waits for a second Owner or Admin. Nothing was charged. */
  | { status: "pending" }

/** The same without the parts that stay on the server. */
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
