import { describe, expect, test } from "vitest"
import { chargeSavedCard, saveCard, standInPerTest, startReceiver, until } from "../testing"

const standIn = standInPerTest()

async function pay(name = "pm_card_visa") {
  const intent = await chargeSavedCard(standIn.stripe, await saveCard(standIn.stripe, name))
  return { customer: String(intent.customer), charge: String(intent.latest_charge), intent: intent.id }
}

async function disputeEvents(customer: string): Promise<string[]> {
  const { data } = await standIn.control.events({ customer })
  return data.map((event) => event.type).filter((type) => type.includes("dispute"))
}

describe("a chargeback", () => {
  test("takes the money and a fee at once, and says so twice", async () => {
    const { stripe, control } = standIn
    const { charge, customer, intent } = await pay()
    const opened = await control.dispute(charge, { amount: 2000, reason: "product_not_received" })
    const dispute = await stripe.disputes.retrieve(opened.id, {
      expand: ["charge.customer", "payment_intent", "charge.balance_transaction"],
    })
    expect(dispute).toMatchObject({
      amount: 2000,
      currency: "usd",
      reason: "product_not_received",
      status: "needs_response",
      is_charge_refundable: false,
      charge: { id: charge, disputed: true, customer: { id: customer } },
      payment_intent: { id: intent },
      balance_transactions: [{ type: "adjustment", amount: -2000, fee: 1500, net: -3500 }],
      payment_method_details: { card: { case_type: "chargeback" } },
    })
    expect(await disputeEvents(customer)).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
    ])
    const moved = await stripe.balanceTransactions.list({ source: dispute.id })
    expect(moved.data.map((each) => each.id)).toEqual([dispute.balance_transactions[0]?.id])
    await expect(stripe.refunds.create({ charge })).rejects.toMatchObject({ code: "charge_disputed" })
    await expect(control.dispute(charge)).rejects.toThrow(/open dispute already/)
  })

  test("brings the money back when it is won", async () => {
    const { stripe, control } = standIn
    const { charge, customer } = await pay()
    const { id } = await control.dispute(charge)
    await control.closeDispute(id, "won")
    const dispute = await stripe.disputes.retrieve(id)
    expect(dispute).toMatchObject({ status: "won", is_charge_refundable: true })
    expect(dispute.balance_transactions.map((each) => each.amount)).toEqual([-2500, 2500])
    expect(await disputeEvents(customer)).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.dispute.closed",
      "charge.dispute.funds_reinstated",
    ])
    await expect(control.closeDispute(id, "lost")).rejects.toThrow(/already closed/)
  })

  test.each([
    ["by the bank", (id: string) => standIn.control.closeDispute(id, "lost")],
    ["by the API, which gives in", (id: string) => standIn.stripe.disputes.close(id)],
  ])("keeps the money when it is lost %s", async (_, close) => {
    const { stripe, control } = standIn
    const { charge, customer } = await pay()
    const { id } = await control.dispute(charge)
    await close(id)
    const dispute = await stripe.disputes.retrieve(id)
    expect(dispute).toMatchObject({ status: "lost", is_charge_refundable: false })
    expect(dispute.balance_transactions).toHaveLength(1)
    expect((await disputeEvents(customer)).at(-1)).toBe("charge.dispute.closed")
    await expect(stripe.disputes.close(id)).rejects.toThrow(/status of lost/)
    await expect(stripe.refunds.create({ charge })).rejects.toMatchObject({ code: "charge_disputed" })
  })

  test("keeps evidence until it is submitted, and obeys the words that decide a test dispute", async () => {
    const { stripe, control } = standIn
    const { charge, customer } = await pay()
    const { id } = await control.dispute(charge)
    const draft = await stripe.disputes.update(id, {
      evidence: { customer_name: "Ada Lovelace" },
      metadata: { ticket: "7" },
      submit: false,
    })
    expect(draft).toMatchObject({
      status: "needs_response",
      metadata: { ticket: "7" },
      evidence_details: { has_evidence: true, submission_count: 0 },
    })
    const answered = await stripe.disputes.update(id, { evidence: { product_description: "Credits" } })
    expect(answered).toMatchObject({ status: "under_review", evidence_details: { submission_count: 1 } })
    const won = await stripe.disputes.update(id, { evidence: { uncategorized_text: "winning_evidence" } })
    expect(won.status).toBe("won")
    expect((await disputeEvents(customer)).slice(2)).toEqual([
      "charge.dispute.updated",
      "charge.dispute.updated",
      "charge.dispute.updated",
      "charge.dispute.closed",
      "charge.dispute.funds_reinstated",
    ])
  })
})

describe("an inquiry", () => {
  test("moves no money, and may be closed or refunded", async () => {
    const { stripe, control } = standIn
    const { charge, customer } = await pay()
    const { id } = await control.dispute(charge, { inquiry: true })
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      status: "warning_needs_response",
      balance_transactions: [],
      is_charge_refundable: true,
    })
    await expect(control.closeDispute(id, "won")).rejects.toThrow(/can't be closed as won/)
    await control.closeDispute(id, "warning_closed")
    expect(await disputeEvents(customer)).toEqual(["charge.dispute.created", "charge.dispute.closed"])
    expect((await stripe.refunds.create({ charge })).status).toBe("succeeded")
  })

  test("takes the money when it becomes a chargeback", async () => {
    const { control } = standIn
    const { charge, customer } = await pay()
    const { id } = await control.dispute(charge, { inquiry: true })
    const dispute = await control.escalateDispute(id)
    expect(dispute).toMatchObject({ status: "needs_response", balance_transactions: [{ amount: -2500 }] })
    expect(await disputeEvents(customer)).toEqual([
      "charge.dispute.created",
      "charge.dispute.updated",
      "charge.dispute.funds_withdrawn",
    ])
    await expect(control.escalateDispute(id)).rejects.toThrow(/no inquiry/)
  })
})

describe("test cards whose owner complains", () => {
  test.each([
    ["pm_card_createDispute", "fraudulent", "needs_response"],
    ["pm_card_createDisputeProductNotReceived", "product_not_received", "needs_response"],
    ["pm_card_createDisputeInquiry", "fraudulent", "warning_needs_response"],
  ])("%s succeeds and opens a dispute a moment later: %s, %s", async (name, reason, status) => {
    const { stripe, control } = standIn
    const { charge } = await pay(name)
    expect((await stripe.disputes.list({ charge })).data).toEqual([])
    await control.advance(1000)
    expect((await stripe.disputes.list({ charge })).data).toMatchObject([{ amount: 2500, reason, status }])
    await control.advance(3_600_000)
    expect((await stripe.disputes.list({ charge })).data).toHaveLength(1)
  })

  test("opens the dispute without any advance of the clock", async () => {
    const { charge } = await pay("pm_card_createDispute")
    await until(
      () => standIn.stripe.disputes.list({ charge }),
      (list) => list.data.length === 1,
    )
  })

  test("warns of fraud early, by card or by hand", async () => {
    const { stripe, control } = standIn
    const [byCard, byHand] = [await pay("pm_card_createIssuerFraudRecord"), await pay()]
    await control.advance(1000)
    await control.warnOfFraud(byHand.charge, { fraud_type: "misc" })
    const { data } = await stripe.radar.earlyFraudWarnings.list({ limit: 5 })
    expect(data).toMatchObject([
      { charge: byHand.charge, fraud_type: "misc", actionable: true },
      { charge: byCard.charge, payment_intent: byCard.intent, actionable: true },
    ])
    const id = data[0]?.id ?? ""
    const full = await stripe.radar.earlyFraudWarnings.retrieve(id, { expand: ["charge"] })
    expect(full).toMatchObject({ charge: { id: byHand.charge } })
    const events = await control.events({ type: "radar.early_fraud_warning.created" })
    expect(events.count).toBe(2)
  })

  test("leaves nothing to do about a payment that was refunded whole or disputed", async () => {
    const { stripe, control } = standIn
    const [refunded, disputed, partly] = [await pay(), await pay(), await pay()]
    const warnings = []
    for (const { charge } of [refunded, disputed, partly]) warnings.push(await control.warnOfFraud(charge))
    await stripe.refunds.create({ charge: refunded.charge })
    await control.dispute(disputed.charge)
    await stripe.refunds.create({ charge: partly.charge, amount: 100 })
    const actionable = await Promise.all(
      warnings.map(async ({ id }) => (await stripe.radar.earlyFraudWarnings.retrieve(id)).actionable),
    )
    expect(actionable).toEqual([false, false, true])
    const told = await control.events({ type: "radar.early_fraud_warning.updated" })
    expect(told.data.map(({ data }) => [Reflect.get(data.object, "id"), data.previous_attributes])).toEqual([
      [warnings[0]?.id, { actionable: true }],
      [warnings[1]?.id, { actionable: true }],
    ])
  })
})

describe("finding disputes", () => {
  test("lists them newest first, by payment and in pages", async () => {
    const { stripe, control } = standIn
    const [first, second] = [await pay(), await pay()]
    const ids = [(await control.dispute(first.charge)).id, (await control.dispute(second.charge)).id]
    const page = await stripe.disputes.list({ limit: 1 })
    expect([page.data.map((each) => each.id), page.has_more]).toEqual([[ids[1]], true])
    const rest = await stripe.disputes.list({ limit: 1, starting_after: ids[1] })
    expect([rest.data.map((each) => each.id), rest.has_more]).toEqual([[ids[0]], false])
    const mine = await stripe.disputes.list({ payment_intent: first.intent })
    expect(mine.data.map((each) => each.id)).toEqual([ids[0]])
  })

  test("delivers a dispute to the endpoints and rules of its customer only", async () => {
    const { control } = standIn
    const [mine, other] = [await pay(), await pay()]
    const receiver = await startReceiver()
    await control.addEndpoint({ url: receiver.url, secret: "whsec_x", customers: [mine.customer] })
    await control.webhookRule({ action: "drop", customer: other.customer })
    await control.dispute(other.charge)
    await control.dispute(mine.charge)
    await until(receiver.types, (types) => types.length === 2)
    expect(receiver.types().sort()).toEqual(["charge.dispute.created", "charge.dispute.funds_withdrawn"])
    expect(receiver.received.every((each) => !("about" in each.event))).toBe(true)
    await receiver.close()
  })
})
