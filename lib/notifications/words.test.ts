import { expect, test } from "vitest"
import { inWords, type Told } from "./words"

const POOL = "pool_01jd0000000000000000000000"
const PURCHASE = "pur_01jd0000000000000000000000"
const BILLING = `settings/account/billing?pool=${POOL}`

const cases: [string, Told, string, string][] = [
  [
    "low",
    { type: "credit_balance_low", poolId: POOL, data: { balance: "4.209999999", threshold: "5.00" } },
    "The balance of Ada is low: $4.20",
    "It is at or below the threshold of $5.00. When it is used up, usage is refused.",
  ],
  [
    "used up",
    { type: "credit_balance_depleted", poolId: POOL, data: { balance: "0.00" } },
    "The credits of Ada are used up",
    "Usage is refused until credits are added or the included credits renew.",
  ],
  [
    "failed, and tried again",
    {
      type: "credit_purchase_failed",
      poolId: POOL,
      data: {
        amount: "1250.00",
        kind: "auto_top_up",
        purchase_id: PURCHASE,
        reason: "Your bank declined the charge: insufficient funds.",
        retry_at: "2026-11-03T14:05:00.000Z",
      },
    },
    "An auto top-up of $1,250.00 failed",
    "Your bank declined the charge: insufficient funds. It is tried again at 14:05 UTC on 3 November.",
  ],
  [
    "a bank that wants somebody",
    {
      type: "credit_payment_action_required",
      poolId: POOL,
      data: { amount: "50.00", purchase_id: PURCHASE, expires_at: "2026-11-04T00:00:00.000Z" },
    },
    "Confirm a payment of $50.00",
    "The bank wants somebody to confirm this auto top-up by 00:00 UTC on 4 November. Nothing is charged until then.",
  ],
  [
    "most of the cap",
    {
      type: "credit_spend_cap_reached",
      poolId: null,
      data: { percent: 80, cap: "200.00", committed: "160.00" },
    },
    "80 % of the monthly cap of $200.00 is used",
    "Auto top-ups have added $160.00 this month. At the cap they pause.",
  ],
]

test.each(cases)("%s, in words", (_, told, title, body) => {
  expect(inWords(told, { poolName: "Ada", canBuy: true })).toMatchObject({ title, body })
})

test("leads to the pool that it is about, and names it only where a team has several", () => {
  const words = inWords(
    { type: "credit_balance_low", poolId: POOL, data: { balance: "0.00", threshold: "5.00" } },
    { poolName: null, canBuy: true },
  )
  expect(words.title).toBe("The balance is low: $0.00")
  expect(words.action).toEqual({ label: "Add credits", path: BILLING })
})
