import { expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { giveBackInWords, type Told, takeBackInWords } from "./words"

const now = new Date("2026-11-28T12:00:00Z")
const told = (claim: Partial<Told["claim"]> = {}, more: Partial<Told> = {}): Told => ({
  kind: "refund",
  purchase: { kind: "one_time", settledAt: new Date("2026-11-24T23:59:00Z"), capturedNanos: usd(25) },
  claim: {
    occurredAt: new Date("2026-11-26T08:00:00Z"),
    status: "succeeded",
    reason: "requested_by_customer",
    failureReason: null,
    ...claim,
  },
  ...more,
})

test("takeBackInWords names the payment and the reason", () => {
  expect(takeBackInWords(told(), usd(25), now)).toBe("Purchase of 24 Nov · Requested by customer")
  expect(takeBackInWords(told({ reason: "duplicate" }), usd(10), now)).toBe(
    "Part of the purchase of 24 Nov · Paid twice",
  )
})

test("takeBackInWords leaves a reason out that nobody gave or that has no words", () => {
  for (const reason of [null, "something_new", "constructor", "toString"])
    expect(takeBackInWords(told({ reason }), usd(25), now)).toBe("Purchase of 24 Nov")
})

test("takeBackInWords names an auto top-up, and the year when it is another", () => {
  const purchase = {
    kind: "auto_top_up" as const,
    settledAt: new Date("2025-12-31T12:00:00Z"),
    capturedNanos: usd(50),
  }
  const dispute = told({ reason: "product_not_received" }, { kind: "dispute", purchase })
  expect(takeBackInWords(dispute, usd(50), now)).toBe("Auto top-up of 31 Dec 2025 · Said not to be received")
})

test("giveBackInWords says what ended, and why a refund failed", () => {
  expect(giveBackInWords(told({ status: "failed" }), now)).toBe("Refund of 26 Nov failed")
  expect(giveBackInWords(told({ status: "failed", failureReason: "lost_or_stolen_card" }), now)).toBe(
    "Refund of 26 Nov failed · The card was lost or stolen",
  )
  // It was rounded up beside another refund, which then failed.
  expect(giveBackInWords(told(), now)).toBe("Refund of 26 Nov · Rounding")
  expect(giveBackInWords(told({ status: "canceled" }), now)).toBe("Refund of 26 Nov was cancelled")
  expect(giveBackInWords(told({ status: "won" }, { kind: "dispute" }), now)).toBe(
    "Purchase of 24 Nov · Dispute won",
  )
  expect(giveBackInWords(told({ status: "open" }, { kind: "dispute" }), now)).toBe(
    "Purchase of 24 Nov · Less is disputed",
  )
})
