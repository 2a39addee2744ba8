import { beforeEach, describe, expect, test } from "vitest"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { getBillingDetails, NO_DETAILS } from "@/lib/customers/billing-details"
import { findStripeCustomer, requireStripeCustomer } from "@/lib/customers/stripe-customer"
import { ForbiddenError, InvalidInputError, UnavailableError } from "@/lib/errors"
import { stripe } from "@/lib/stripe/client"
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
const customerId = async () => (await findStripeCustomer(world.db, team.id)) ?? ""
const atStripe = async () => stripe().customers.retrieve(await customerId(), { expand: ["tax_ids"] })
const taxIds = async () =>
  (await stripe().customers.listTaxIds(await customerId())).data.map(({ value }) => value)

describe("billing details", () => {
  test("stand with the customer at Stripe, in our copy and in the log", async () => {
    await save(FULL, team.admin)
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
    await save({ ...FULL, taxIdValue: "DE000000000" })
    expect(await taxIds()).toEqual(["DE000000000"])
    await save({ ...FULL, taxIdValue: "DE000000000" })
    expect(await taxIds()).toEqual(["DE000000000"])
    await save({})
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
    expect(await taxIds()).toEqual(["DE123456789"])
    expect((await getBillingDetails(world.db, team.id)).company).toBe("Fabrikam GmbH")
  })

  test("change nothing here while Stripe can’t be asked", async () => {
    await save(FULL)
    const customer = await customerId()
    await world.stripe.control.fault({
      match: { method: "GET", path: `/v1/customers/${customer}/tax_ids` },
      times: 3,
      fault: { kind: "reset" },
    })
    await expect(save({ ...FULL, company: "Other" })).rejects.toThrow(UnavailableError)
    expect((await getBillingDetails(world.db, team.id)).company).toBe("Fabrikam GmbH")
  })

  test("survive a customer that was deleted at Stripe", async () => {
    await save(FULL)
    await stripe().customers.del(await customerId())
    await save({ ...FULL, city: "Hamburg" })
    expect(await atStripe()).toMatchObject({ address: { city: "Hamburg" } })
    expect(await taxIds()).toEqual(["DE123456789"])
  })

  test("are saved by no Member and no stranger, and Stripe isn’t asked", async () => {
    const others = await createTestTeam(world.db)
    for (const by of [team.member, others.owner]) await expect(save(FULL, by)).rejects.toThrow(ForbiddenError)
    expect(await findStripeCustomer(world.db, team.id)).toBeNull()
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
