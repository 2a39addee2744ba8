import { describe, expect, test } from "vitest"
import { decidePayment } from "./subscription-invoices"

type Invoice = Parameters<typeof decidePayment>[0][number]
type Subscription = Parameters<typeof decidePayment>[2]

const invoice = (change: Partial<Invoice> = {}): Invoice => ({
  id: "in_period",
  status: "open",
  attempted: true,
  auto_advance: true,
  ...change,
})
const active: Subscription = { status: "active", isCollectionPaused: false }
const decide = (
  invoices: Invoice[],
  subscription: Partial<Subscription> = {},
  newest: { id: string } | undefined = { id: "in_period" },
) => decidePayment(invoices, newest, { ...active, ...subscription })

describe("a period’s payment", () => {
  test.each<[string, Invoice[], Partial<Subscription>, string]>([
    ["is made", [invoice({ status: "paid" })], {}, "paid"],
    ["was made before another failed", [invoice({ status: "paid" })], { status: "past_due" }, "paid"],
    [
      "was made before collection was paused",
      [invoice({ status: "paid" })],
      { isCollectionPaused: true },
      "paid",
    ],
    [
      "was made by the second of two invoices",
      [invoice({ status: "void" }), invoice({ status: "paid" })],
      {},
      "paid",
    ],
    ["is a bank debit under way", [invoice()], {}, "processing"],
    ["isn’t asked for yet", [invoice({ status: "draft" })], {}, "draft"],
    ["won’t be asked for", [invoice({ status: "draft", auto_advance: false })], {}, "failed"],
    [
      "isn’t asked for while collection is paused",
      [invoice({ status: "draft" })],
      { isCollectionPaused: true },
      "failed",
    ],
    [
      "isn’t asked for while an older one is owed",
      [invoice({ status: "draft" })],
      { status: "past_due" },
      "failed",
    ],
    ["was refused", [invoice()], { status: "past_due" }, "failed"],
    ["was refused for good", [invoice()], { status: "unpaid" }, "failed"],
    ["was refused, and the subscription ended", [invoice()], { status: "canceled" }, "failed"],
    ["was voided", [invoice({ status: "void" })], {}, "failed"],
    ["was written off", [invoice({ status: "uncollectible" })], {}, "failed"],
    ["was never asked for, as after an import", [], {}, "paid"],
    ["was never asked for, and the trial ended without a card", [], { status: "paused" }, "failed"],
  ])("%s", (_, invoices, subscription, state) => {
    expect(decide(invoices, subscription)).toBe(state)
  })

  test("that was refused isn’t made by a newer invoice which makes the subscription active", () => {
    expect(decide([invoice()], {}, { id: "in_upgrade" })).toBe("failed")
  })
})
