import { beforeEach, describe, expect, test } from "vitest"
import { workCustomerDetails } from "@/dev/testing/customer-details"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { getBillingDetails, NO_DETAILS } from "@/lib/customers/billing-details"
import { sendCustomerDetails } from "@/lib/customers/send-customer-details"
import { findStripeCustomer, requireStripeCustomer } from "@/lib/customers/stripe-customer"
import { ForbiddenError, InvalidInputError, UnavailableError } from "@/lib/errors"
import { stripe } from "@/lib/stripe/client"
import { renameTeam } from "./rename-team"
import { saveBillingDetails } from "./save-billing-details"
import { billingDetailsSchema } from "./schema"

const world = testWorld()
const now = new Date("2026-11-22T10:00:00Z")
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const EMPTY = {
  email: "",
  company: "",
  line1: "",
  line2: "",
  city: "",
  state: "",
  postalCode: "",
  country: "",
  taxIdType: "",
  taxIdValue: "",
} as const
const FULL = {
  ...EMPTY,
  email: "Billing@Example.com",
  company: "Fabrikam GmbH",
  line1: "Unter den Linden 1",
  city: "Berlin",
  postalCode: "10117",
  country: "DE",
  taxIdType: "eu_vat",
  taxIdValue: "DE123456789",
} as const

const save = (input: object, by: TestMember = team.owner) =>
  saveBillingDetails(
    { db: world.db, now, team, actor: by },
    billingDetailsSchema.parse({ ...EMPTY, ...input }),
  )
const work = () => workCustomerDetails(world, team)
const rename = (name: string) => renameTeam({ db: world.db, now, team, actor: team.owner }, { name })
const customerId = async () => (await findStripeCustomer(world.db, team.id)) ?? ""
const atStripe = async () => stripe().customers.retrieve(await customerId(), { expand: ["tax_ids"] })
const taxIds = async () =>
  (await stripe().customers.listTaxIds(await customerId())).data.map(({ value }) => value)

describe("billing details", () => {
  test("stand with the customer at Stripe, in our copy and in the log", async () => {
    await save(FULL, team.admin)
    expect(await work()).toBe(1)
    expect(await atStripe()).toMatchObject({
      name: "Fabrikam GmbH",
      email: "billing@example.com",
      address: { line1: "Unter den Linden 1", line2: null, city: "Berlin", country: "DE" },
      tax_ids: { data: [{ type: "eu_vat", value: "DE123456789" }] },
    })
    expect(await getBillingDetails(world.db, team.id)).toMatchObject({
      company: "Fabrikam GmbH",
      line2: null,
    })
    const events = await world.db.auditEvent.findMany({ where: { teamId: team.id } })
    expect(events).toMatchObject([
      { kind: "team.billing_details_changed", before: { company: null }, after: { tax_id_type: "eu_vat" } },
    ])
  })

  test("are replaced as a whole: one tax id, or none, and the team’s name where no company is", async () => {
    await save(FULL)
    for (let n = 0; n < 2; n++) {
      await save({ ...FULL, taxIdValue: "DE000000000" })
      await work()
      expect(await taxIds()).toEqual(["DE000000000"])
    }
    // Two jobs at once may have added it twice.
    await stripe().customers.createTaxId(await customerId(), { type: "eu_vat", value: "DE000000000" })
    await sendCustomerDetails({ db: world.db, now }, team.id)
    expect(await taxIds()).toEqual(["DE000000000"])
    await save({})
    await work()
    expect(await taxIds()).toEqual([])
    expect(await atStripe()).toMatchObject({ name: team.name, email: team.owner.email, address: null })
    expect(await getBillingDetails(world.db, team.id)).toEqual(NO_DETAILS)
  })

  test("of a team that is no customer yet wait for its first need", async () => {
    await save({ ...FULL, taxIdType: "", taxIdValue: "" })
    expect(await findStripeCustomer(world.db, team.id)).toBeNull()
    await requireStripeCustomer({ db: world.db }, { ...team, email: team.admin.email })
    expect(await atStripe()).toMatchObject({ name: "Fabrikam GmbH", email: "billing@example.com" })
  })

  test("with a tax id that Stripe refuses change nothing", async () => {
    await save(FULL)
    await expect(save({ ...FULL, company: "Other", taxIdValue: "DE1" })).rejects.toThrow(InvalidInputError)
    await work()
    expect(await taxIds()).toEqual(["DE123456789"])
    expect((await getBillingDetails(world.db, team.id)).company).toBe("Fabrikam GmbH")
  })

  test("with another tax id change nothing here while Stripe can’t be asked", async () => {
    await save(FULL)
    const customer = await customerId()
    await work()
    const down = (path: string) =>
      world.stripe.control.fault({ match: { path }, times: 3, fault: { kind: "reset" } })
    await down(`/v1/customers/${customer}/tax_ids`)
    const other = { ...FULL, company: "Other", taxIdValue: "DE000000000" }
    await expect(save(other)).rejects.toThrow(UnavailableError)
    expect((await getBillingDetails(world.db, team.id)).company).toBe("Fabrikam GmbH")
  })

  test("of a save that died after Stripe had its tax id are taken back there", async () => {
    await save(FULL)
    await work()
    let transactions = 0
    const dying = new Proxy(world.db, {
      get(db, name) {
        if (name === "$transaction" && ++transactions === 2) throw new Error("The process died")
        return Reflect.get(db, name)
      },
    })
    const details = billingDetailsSchema.parse({ ...FULL, taxIdValue: "DE000000000" })
    await expect(saveBillingDetails({ db: dying, now, team, actor: team.owner }, details)).rejects.toThrow(
      "died",
    )
    expect(await taxIds()).toHaveLength(2)
    expect(await work()).toBe(1)
    expect(await taxIds()).toEqual(["DE123456789"])
  })

  test("survive a customer that was deleted at Stripe", async () => {
    await save(FULL)
    await stripe().customers.del(await customerId())
    await save({ ...FULL, city: "Hamburg" })
    await work()
    expect(await findStripeCustomer(world.db, team.id)).toBeNull()
    await requireStripeCustomer({ db: world.db }, { ...team, email: team.admin.email })
    expect(await atStripe()).toMatchObject({ address: { city: "Hamburg" } })
    expect(await taxIds()).toEqual(["DE123456789"])
  })

  test("are saved by no Member and no stranger, and Stripe isn’t asked", async () => {
    const others = await createTestTeam(world.db)
    for (const by of [team.member, others.owner]) await expect(save(FULL, by)).rejects.toThrow(ForbiddenError)
    expect(await findStripeCustomer(world.db, team.id)).toBeNull()
  })
})

describe("of two changes at once", () => {
  test("the one that was committed last stands at Stripe, though the earlier one was sent last", async () => {
    await save(FULL)
    await work()
    const path = `/v1/customers/${await customerId()}`
    for (const change of [
      (name: string) =>
        save({ ...FULL, company: name, taxIdValue: name === "First" ? "DE000000001" : "DE000000002" }),
      (name: string) => rename(name).then(() => save({})),
    ]) {
      await change("First")
      await world.stripe.control.fault({
        match: { method: "POST", path, body: { name: "First" } },
        fault: { kind: "hang", ms: 300 },
      })
      const slow = work()
      await change("Second")
      await Promise.all([slow, work()])
      expect(await atStripe()).toMatchObject({ name: "Second" })
    }
    expect(await taxIds()).toEqual([])
  })

  test("our copy and Stripe say the same", async () => {
    for (let round = 0; round < 3; round++) {
      const values = ["DE000000001", "DE000000002", "DE000000003"]
      await Promise.all(
        values.map((taxIdValue) => save({ ...FULL, company: `Of ${taxIdValue}`, taxIdValue })),
      )
      await Promise.all([1, 2].map(() => sendCustomerDetails({ db: world.db, now }, team.id)))
      const { company, taxIdValue } = await getBillingDetails(world.db, team.id)
      expect(await atStripe()).toMatchObject({ name: company })
      expect(await taxIds()).toEqual([taxIdValue])
    }
  })
})

describe("another name of the team", () => {
  test("is its customer’s name too, and changes nothing else there", async () => {
    await requireStripeCustomer({ db: world.db }, { ...team, email: "buyer@example.com" })
    await rename("Fabrikam")
    expect(await work()).toBe(1)
    expect(await atStripe()).toMatchObject({ name: "Fabrikam", email: "buyer@example.com", address: null })
  })

  test("gives way to the company, and asks Stripe nothing for a team that is no customer", async () => {
    await rename("Fabrikam")
    await work()
    expect(await findStripeCustomer(world.db, team.id)).toBeNull()
    await save(FULL)
    await rename("Contoso")
    await work()
    expect(await atStripe()).toMatchObject({ name: "Fabrikam GmbH" })
  })

  test("that came while the customer was made is sent as well", async () => {
    const stale = { ...team, email: team.owner.email }
    await rename("Fabrikam")
    await work()
    await requireStripeCustomer({ db: world.db }, stale)
    expect(await work()).toBe(1)
    expect(await atStripe()).toMatchObject({ name: "Fabrikam" })
  })
})

test.each([
  ["country", { city: "Berlin" }],
  ["country", { country: "XX" }],
  ["taxIdType", { taxIdValue: "DE123456789" }],
  ["taxIdValue", { taxIdType: "eu_vat" }],
  ["taxIdType", { taxIdType: "unknown", taxIdValue: "1" }],
  ["email", { email: "a@b.example, c@d.example" }],
  ["company", { company: "x".repeat(151) }],
  ["line1", { line1: "a\nb" }],
])("what doesn’t fit is refused at its field %s", (field, input) => {
  const parsed = billingDetailsSchema.safeParse({ ...EMPTY, ...input })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toContain(field)
})
