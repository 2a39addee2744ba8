import { canBeChargedLater } from "./chargeable"
import { decideExpiry } from "./expiry"

type Candidate = {
  id: string
  type: string
  createdAt: Date
  card: { expMonth: number; expYear: number } | null
}

/**
 * Chooses the payment method when nobody has chosen one, or the chosen one goes: one that already pays a
 * subscription, else one that hasn't expired, the newest of them. Null if none can be charged later.
 */
export function chooseDefault<Method extends Candidate>(
  methods: readonly Method[],
  { alreadyPaying = [], now }: { alreadyPaying?: readonly string[]; now: Date },
): Method | null {
  const rank = ({ id, card }: Method) =>
    (alreadyPaying.includes(id) ? 2 : 0) + (card && decideExpiry(card, now) === "expired" ? 0 : 1)
  const best = methods
    .filter(canBeChargedLater)
    .sort(
      (one, other) =>
        rank(other) - rank(one) ||
        other.createdAt.getTime() - one.createdAt.getTime() ||
        (one.id < other.id ? 1 : -1),
    )
  return best[0] ?? null
}
