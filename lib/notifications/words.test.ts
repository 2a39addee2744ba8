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
    "a statement",
    {
      type: "credit_statement_ready",
      poolId: null,
      data: {
        ...{ statement_id: "stm_01jd0000000000000000000000", number: "ST-2026-11-0003", month: "2026-11" },
        ...{ opening: "0.00", bought: "50.00", used: "48.204999999", closing: "-0.019" },
      },
    },
    "Your statement for November 2026 is ready",
    "$48.20 of credits were used and $50.00 bought. The closing balance is −\u2060$0.02.",
  ],
  [
    "most of the cap",
    {
      type: "credit_spend_cap_reached",
      poolId: null,
      data: { percent: 80, cap: "200.00", committed: "160.00" },
    },
    "80% of the monthly cap of $200.00 is used",
    "Auto top-ups have added $160.00 this month. At the cap they pause.",
  ],
  [
    "a renewal that wasn’t paid",
    {
      type: "plan_payment_failed",
      poolId: null,
      data: { plan: "Business", amount: "300.00", invoice_id: "in_1", kind: "renewal" },
    },
    "The payment for your Business plan failed",
    "This period’s allowances and included credits start once the invoice is paid. Until then, usage is paid from your own credits at the plan’s rates.",
  ],
  [
    "a larger plan that wasn’t paid",
    {
      type: "plan_payment_failed",
      poolId: null,
      data: { plan: "Max", amount: "95.00", invoice_id: "in_1", kind: "change" },
    },
    "The payment for your Max plan failed",
    "What the larger plan adds starts once the invoice is paid. What you had before stays.",
  ],
  [
    "a refund while auto top-up is on",
    {
      type: "credit_refunded",
      poolId: POOL,
      data: {
        amount: "50.00",
        paid: { amount: "50.00", at: "2026-11-24T10:00:00.000Z", kind: "one_time" },
        balance: "-1.00",
        purchase_id: PURCHASE,
        auto_top_up: true,
      },
    },
    "$50.00 of credits taken back by a refund",
    "Your purchase of $50.00 on 24 November was refunded. The balance of Ada is now −\u2060$1.00. Auto top-up stays on: it adds credits when usage needs them.",
  ],
  [
    "a refund in part, without auto top-up",
    {
      type: "credit_refunded",
      poolId: POOL,
      data: {
        amount: "20.00",
        paid: { amount: "50.00", at: "2026-11-24T10:00:00.000Z", kind: "auto_top_up" },
        balance: "30.00",
        purchase_id: PURCHASE,
        auto_top_up: false,
      },
    },
    "$20.00 of credits taken back by a refund",
    "Your auto top-up of $50.00 on 24 November was refunded. The balance of Ada is now $30.00.",
  ],
  [
    "most of a member’s limit",
    {
      type: "credit_spend_limit_reached",
      poolId: POOL,
      data: { percent: 80, limit: "50.00", used: "41.00", of: "member", name: "Lin", refuses: true },
    },
    "80% of the monthly limit of Lin is used",
    "$41.00 of $50.00 was used this month. At the limit, usage is refused.",
  ],
  [
    "all of a key’s limit",
    {
      type: "credit_spend_limit_reached",
      poolId: null,
      data: { percent: 100, limit: "50.00", used: "50.00", of: "api_key", name: "CI", refuses: true },
    },
    "The monthly limit of “CI” is reached: $50.00",
    "$50.00 of $50.00 was used this month. More is refused until the limit is raised or the month ends (UTC).",
  ],
  [
    "all of the Owner’s protection",
    {
      type: "credit_spend_limit_reached",
      poolId: null,
      data: { percent: 100, limit: "9.00", used: "9.50", of: "owner", name: null, refuses: false },
    },
    "The monthly limit for keys and schedules is reached: $9.00",
    "$9.50 of $9.00 was used this month. Usage goes on.",
  ],
  [
    "a change that waits for approval",
    {
      type: "approval_requested",
      poolId: POOL,
      data: {
        approval_id: "apv_1",
        member_id: "member_1",
        name: "Lin",
        change: { enabled: true, threshold: "10.00", amount: "400.00", cap: "500.00" },
        expires_at: "2026-11-10T14:05:00.000Z",
      },
    },
    "Lin asks for your approval",
    "Auto top-up of Ada: $400.00 when the balance is at or below $10.00, with a monthly cap of $500.00. Nothing changes unless another Owner or Admin approves it by 14:05 UTC on 10 November.",
  ],
  [
    "an approved change",
    {
      type: "approval_answered",
      poolId: POOL,
      data: {
        approval_id: "apv_1",
        member_id: "member_1",
        answer: "approved",
        change: { enabled: false, threshold: "10.00", amount: "400.00", cap: null },
        answered_by: "Lin",
      },
    },
    "Your change was approved",
    "Auto top-up of Ada: off, with no monthly cap. Lin approved it, and it applies from now on.",
  ],
  [
    "a declined change of the rule",
    {
      type: "approval_answered",
      poolId: null,
      data: {
        approval_id: "apv_1",
        member_id: "member_1",
        answer: "declined",
        change: { above: "900.00" },
        answered_by: "Lin",
      },
    },
    "Your change was declined",
    "Approval of higher caps and amounts: required only above $900.00. Lin declined it. Nothing has changed.",
  ],
  [
    "a change of the rule that came too late",
    {
      type: "approval_answered",
      poolId: null,
      data: {
        approval_id: "apv_1",
        member_id: "member_1",
        answer: "overtaken",
        change: { above: null },
        answered_by: "Lin",
      },
    },
    "Your change was overtaken",
    "Approval of higher caps and amounts: no longer required. Something else had been changed since you asked for it, so nothing was changed. Ask again if you still want it.",
  ],
  [
    "a request for credits",
    {
      type: "credit_requested",
      poolId: POOL,
      data: {
        request_id: "creq_1",
        member_id: "member_1",
        name: "Lin",
        amount: "25.00",
        reason: "Nightly evals",
        is_changed: false,
      },
    },
    "Lin asks for $25.00",
    "“Nightly evals”. Approve it from your own bought credits, with another amount if you like, or decline it.",
  ],
  [
    "a changed request for credits",
    {
      type: "credit_requested",
      poolId: POOL,
      data: {
        request_id: "creq_1",
        member_id: "member_1",
        name: "Lin",
        amount: "40.00",
        reason: "Nightly evals",
        is_changed: true,
      },
    },
    "Lin now asks for $40.00",
    "“Nightly evals”. Approve it from your own bought credits, with another amount if you like, or decline it.",
  ],
  [
    "an approved request",
    {
      type: "credit_request_answered",
      poolId: POOL,
      data: {
        request_id: "creq_1",
        member_id: "member_1",
        answer: "approved",
        asked: "25.00",
        granted: "20.00",
        word: null,
        answered_by: "Ada",
      },
    },
    "Your request for $25.00 was approved",
    "Ada moved $20.00 to your pool.",
  ],
  [
    "a request declined with a word",
    {
      type: "credit_request_answered",
      poolId: POOL,
      data: {
        request_id: "creq_1",
        member_id: "member_1",
        answer: "declined",
        asked: "25.00",
        granted: null,
        word: "Use the shared key",
        answered_by: "Ada",
      },
    },
    "Your request for $25.00 was declined",
    "Ada: “Use the shared key”",
  ],
  [
    "a request declined without one",
    {
      type: "credit_request_answered",
      poolId: POOL,
      data: {
        request_id: "creq_1",
        member_id: "member_1",
        answer: "declined",
        asked: "25.00",
        granted: null,
        word: null,
        answered_by: "Ada",
      },
    },
    "Your request for $25.00 was declined",
    "Ada declined it.",
  ],
  [
    "a disputed purchase",
    {
      type: "credit_dispute_opened",
      poolId: POOL,
      data: { amount: "25.00", reason: "Not recognised.", purchase_id: PURCHASE, paid_for: "credits" },
    },
    "A payment of $25.00 was disputed",
    "Not recognised. Its credits are taken back and return if the dispute is won.",
  ],
  [
    "a disputed plan payment",
    {
      type: "credit_dispute_opened",
      poolId: null,
      data: { amount: "300.00", reason: "Not recognised.", purchase_id: null, paid_for: "plan" },
    },
    "A payment of $300.00 was disputed",
    "Not recognised. What is left of the period that it paid for is withheld and returns if the dispute is won. Your own credits still work. If it was a mistake, ask your bank to withdraw it.",
  ],
]

test.each(cases)("%s, in words", (_, told, title, body) => {
  expect(inWords(told, { poolName: "Ada", canBuy: true })).toMatchObject({ title, body })
})

test("tells a Member of their own limit as theirs", () => {
  const data = {
    percent: 80,
    limit: "50.00",
    used: "41.00",
    of: "member",
    name: "Lin",
    refuses: true,
  } as const
  const told = { type: "credit_spend_limit_reached" as const, poolId: POOL, data }
  expect(inWords(told, { poolName: "Lin", canBuy: false, isConcerned: true }).title).toBe(
    "80% of your monthly limit is used",
  )
})

test("leads to the pool that it is about, and names it only where a team has several", () => {
  const words = inWords(
    { type: "credit_balance_low", poolId: POOL, data: { balance: "0.00", threshold: "5.00" } },
    { poolName: null, canBuy: true },
  )
  expect(words.title).toBe("The balance is low: $0.00")
  expect(words.action).toEqual({ label: "Add credits", path: BILLING })
})

test("leads to the invoice that is to be paid, and nobody to a dashboard that they don’t have", () => {
  const data = { plan: "Max", amount: "1200.00", invoice_id: "in_1", kind: "renewal" } as const
  const words = inWords({ type: "plan_payment_failed", poolId: null, data }, { poolName: null, canBuy: true })
  expect(words.action).toEqual({
    label: "Pay invoice ($1,200.00)",
    path: "settings/account/billing/invoices/in_1",
  })
  const all = cases.map(([, told]) => inWords(told, { poolName: null, canBuy: true }))
  expect(all.filter(({ body }) => body.includes("Stripe"))).toEqual([])
})

test("leads a Member who is out of credits to asking for some, but not where the team shares them", () => {
  const told = { type: "credit_balance_depleted" as const, poolId: POOL, data: { balance: "0.00" } }
  expect(inWords(told, { poolName: "Grace", canBuy: false }).action).toEqual({
    label: "Request credits",
    path: BILLING,
  })
  expect(inWords(told, { poolName: null, canBuy: false }).action).toEqual({
    label: "See the balance",
    path: BILLING,
  })
})

test("a disputed payment leads to what it withholds: the plan, or the balance", () => {
  const data = { amount: "300.00", reason: "Not recognised.", purchase_id: null } as const
  const pathOf = (paid_for: "plan" | "credits") =>
    inWords(
      { type: "credit_dispute_opened", poolId: null, data: { ...data, paid_for } },
      { poolName: null, canBuy: true },
    ).action.path
  expect(pathOf("plan")).toBe("settings/account/billing/plan")
  expect(pathOf("credits")).toBe("settings/account/billing")
})
