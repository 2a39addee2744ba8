import { expect, test } from "vitest"
import { standInPerTest } from "../testing"

const standIn = standInPerTest()

test("a tax id is kept with its customer, listed, read and deleted", async () => {
  const { stripe } = standIn
  const customer = await stripe.customers.create({ address: { country: "DE", city: "Berlin" } })
  const made = await stripe.customers.createTaxId(customer.id, { type: "eu_vat", value: "DE123456789" })
  expect(made).toMatchObject({ country: "DE", customer: customer.id, verification: { status: "pending" } })
  const other = await stripe.customers.createTaxId(customer.id, { type: "us_ein", value: "12-3456789" })
  expect(other.verification?.status).toBe("unavailable")
  const list = await stripe.customers.listTaxIds(customer.id)
  expect(list.data.map(({ id }) => id)).toEqual([other.id, made.id])
  const whole = await stripe.customers.retrieve(customer.id, { expand: ["tax_ids"] })
  expect(whole).toMatchObject({ tax_ids: { data: [{ id: other.id }, { id: made.id }] } })
  expect(await stripe.customers.retrieveTaxId(customer.id, made.id)).toMatchObject({ value: "DE123456789" })
  await stripe.customers.deleteTaxId(customer.id, made.id)
  await expect(stripe.customers.retrieveTaxId(customer.id, made.id)).rejects.toMatchObject({
    code: "resource_missing",
  })
  const types = (await stripe.events.list()).data.map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(["customer.tax_id.created", "customer.tax_id.deleted"]))
})

test("a value that isn’t of its kind is refused by name", async () => {
  const { id } = await standIn.stripe.customers.create({})
  for (const [type, value] of [
    ["eu_vat", "123"],
    ["us_ein", "1234567890"],
    ["gb_vat", "DE123456789"],
    ["jp_cn", "!"],
  ] as const)
    await expect(standIn.stripe.customers.createTaxId(id, { type, value })).rejects.toMatchObject({
      code: "tax_id_invalid",
      param: "value",
    })
  expect((await standIn.stripe.customers.listTaxIds(id)).data).toEqual([])
})

test("another customer’s tax id isn’t found", async () => {
  const [one, two] = [await standIn.stripe.customers.create({}), await standIn.stripe.customers.create({})]
  const { id } = await standIn.stripe.customers.createTaxId(one.id, { type: "eu_vat", value: "DE000000000" })
  await expect(standIn.stripe.customers.deleteTaxId(two.id, id)).rejects.toMatchObject({ statusCode: 404 })
})
