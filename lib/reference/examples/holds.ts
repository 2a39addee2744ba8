import { type ApiExample, HOLD, OWNER_POOL } from "./example"

const OPEN = {
  id: HOLD,
  status: "open",
  pool: { id: OWNER_POOL },
  consumable: "llm_tokens",
  quantity: "6000000",
  amount: "3.00",
  held: "3.00",
  expires_at: "2026-11-21T15:02:10.480Z",
  captured_quantity: null,
  shortfall: null,
}

export const HOLD_EXAMPLES: ApiExample[] = [
  {
    id: "holds",
    title: "Hold credits for a run",
    text: "For a run whose cost isn’t known yet. A hold sets aside what the quantity would cost beyond the allowance; afterwards you capture what the run did use, or release all of it. A hold that is never captured ends by itself after `expires_in` seconds.",
    method: "POST",
    path: "/api/v1/holds",
    idempotencyKey: "run-7432-hold",
    body: { consumable: "llm_tokens", quantity: 6000000, expires_in: 3600 },
    status: 201,
    answer: { hold: OPEN },
  },
  {
    id: "read-a-hold",
    title: "Read a hold",
    text: "Its `status` is `open`, `captured`, `released` or `expired`.",
    method: "GET",
    path: `/api/v1/holds/${HOLD}`,
    status: 200,
    answer: { hold: OPEN },
  },
  {
    id: "capture-a-hold",
    title: "Capture a hold",
    text: "Charges what the run used and gives back the rest. A run may have used more than it held: what the pool can’t pay then is the `shortfall`, and is not charged. No key is needed: a hold is captured once, and the same capture again answers the same.",
    method: "POST",
    path: `/api/v1/holds/${HOLD}/capture`,
    body: { quantity: 5400000 },
    status: 200,
    answer: {
      hold: { ...OPEN, status: "captured", held: "0.00", captured_quantity: "5400000", shortfall: "0.00" },
      receipt: {
        cost: "1.20",
        drawn: { allowance: "5000000", included: "0.00", promotion: "0.00", credits: "1.20" },
        balance: "23.80",
        available: "23.80",
        replayed: false,
      },
    },
  },
  {
    id: "release-a-hold",
    title: "Release a hold",
    text: "For a run that never began. All of it is available again at once.",
    method: "POST",
    path: `/api/v1/holds/${HOLD}/release`,
    status: 200,
    answer: { hold: { ...OPEN, status: "released", held: "0.00" } },
  },
]
