import { expect, test } from "vitest"
import { newId, toPublicId } from "@/lib/ids"
import {
  approveRequestSchema,
  declineRequestSchema,
  moveCreditsSchema,
  requestCreditsSchema,
  TEXT_MAX,
} from "./schema"

const requestId = toPublicId("creq", newId())
const asked = { amount: "25", reason: "Nightly evals", changes: null }
const move = {
  fromPoolId: toPublicId("pool", newId()),
  to: { kind: "pool", poolId: toPublicId("pool", newId()) },
  amount: "25",
  requestKey: crypto.randomUUID(),
}

test("an amount in dollars and cents becomes nanos, and a reason is trimmed", () => {
  expect(requestCreditsSchema.parse({ ...asked, amount: "$1,000.50", reason: " Evals " })).toEqual({
    amountNanos: 1_000_500_000_000n,
    reason: "Evals",
    changes: null,
  })
})

test.each([
  { amount: "0.99" },
  { amount: "10000.01" },
  { amount: "-5" },
  { amount: "1e3" },
  { amount: "5.001" },
  { amount: 25 },
  { reason: "" },
  { reason: "  " },
  { reason: "x".repeat(TEXT_MAX + 1) },
  { reason: "two\nlines" },
  { reason: "turned \u202Earound" },
  { reason: "\u0000" },
  { reason: ["x"] },
  { changes: "creq_1" },
  { changes: toPublicId("pool", newId()) },
  { memberId: toPublicId("member", newId()) },
])("a request with %j is refused", (part) => {
  expect(requestCreditsSchema.safeParse({ ...asked, ...part }).success).toBe(false)
})

test.each([{ amount: "0" }, { amount: "0.001" }, { amount: "1000000.01" }, { fromPoolId: "x" }])(
  "an approval with %j is refused",
  (part) => {
    expect(approveRequestSchema.safeParse({ requestId, amount: "20", ...part }).success).toBe(false)
  },
)

test("a word is left out by null, and never empty or hidden", () => {
  expect(declineRequestSchema.safeParse({ requestId, word: null }).success).toBe(true)
  for (const word of ["", " ", "\u200B", undefined, 1])
    expect(declineRequestSchema.safeParse({ requestId, word }).success, String(word)).toBe(false)
})

test.each([
  { to: { kind: "pool", poolId: "pool_1" } },
  { to: { kind: "email", email: " " } },
  { to: { kind: "email", email: "a@b.co", poolId: move.fromPoolId } },
  { to: move.to.poolId },
  { requestKey: "short" },
  { amount: "0" },
  { teamId: toPublicId("team", newId()) },
])("a transfer with %j is refused", (part) => {
  expect(moveCreditsSchema.safeParse(move).success).toBe(true)
  expect(moveCreditsSchema.safeParse({ ...move, ...part }).success).toBe(false)
})
