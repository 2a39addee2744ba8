import { describe, expect, test } from "vitest"
import { standInPerTest } from "../testing"
import { Contract } from "./check"

const standIn = standInPerTest()

describe("the contract", () => {
  test("counts every request and answer", async () => {
    await standIn.stripe.customers.create({ name: "Ada" })
    expect(await standIn.control.contract()).toMatchObject({ enabled: true, checked: 4, violations: [] })
  })

  test("refuses a missing field, an unknown one and a value outside the enum", async () => {
    const contract = await Contract.load()
    const good = await standIn.stripe.customers.create()
    const customer: object = JSON.parse(JSON.stringify(good))
    contract.checkAnswer("Customer", customer)
    const { email: _email, ...missing } = customer as { email: unknown }
    expect(() => contract.checkAnswer("Customer", missing)).toThrow(/email/)
    expect(() => contract.checkAnswer("Customer", { ...customer, mood: "good" })).toThrow(/mood/)
    expect(() => contract.checkAnswer("Customer", { ...customer, tax_exempt: "maybe" })).toThrow(/tax_exempt/)
    expect(contract.violations).toHaveLength(3)
  })

  test("checks requests as text, with numbers and switches inside", async () => {
    const contract = await Contract.load()
    contract.checkRequest("PaymentIntentCreateParams", { amount: "500", currency: "usd", confirm: "true" })
    expect(() =>
      contract.checkRequest("PaymentIntentCreateParams", { amount: "x", currency: "usd" }),
    ).toThrow(/amount/)
    expect(() => contract.checkRequest("Checkout.SessionCreateParams", { ui_mode: "embedded" })).toThrow(
      /ui_mode/,
    )
  })
})
