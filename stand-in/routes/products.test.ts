import { describe, expect, test } from "vitest"
import { standInPerTest } from "../testing"

const standIn = standInPerTest()

const MONTHLY = { currency: "usd", unit_amount: 4000, recurring: { interval: "month" } } as const

describe("products", () => {
  test("keep the id that they are given, once", async () => {
    const { products } = standIn.stripe
    const made = await products.create({ id: "credits_max", name: "Max", metadata: { plan: "max" } })
    expect(made).toMatchObject({ id: "credits_max", active: true, metadata: { plan: "max" } })
    await expect(products.create({ id: "credits_max", name: "Other" })).rejects.toMatchObject({
      statusCode: 400,
      code: "resource_already_exists",
    })
    expect((await products.retrieve("credits_max")).name).toBe("Max")
  })

  test("change, are announced with what was before, and are listed by id and by state", async () => {
    const { products, events } = standIn.stripe
    await products.create({ id: "a", name: "A" })
    await products.create({ id: "b", name: "B" })
    await products.update("a", { active: false, name: "Old A", description: "Retired" })
    expect((await products.list({ active: true })).data.map(({ id }) => id)).toEqual(["b"])
    expect((await products.list({ ids: ["a", "b"] })).data).toHaveLength(2)
    await expect(products.list({ ids: ["nobody"] })).rejects.toThrow(/No such product/)
    const [event] = (await events.list({ type: "product.updated" })).data
    expect(event?.data.previous_attributes).toMatchObject({ active: true, name: "A", description: null })
  })
})

describe("prices", () => {
  test("belong to a product, which can be made with them and expanded", async () => {
    const { prices } = standIn.stripe
    const price = await prices.create({ ...MONTHLY, product_data: { id: "max", name: "Max" } })
    expect(price).toMatchObject({ type: "recurring", product: "max", recurring: { interval_count: 1 } })
    expect(price.unit_amount_decimal?.toString()).toBe("4000")
    const listed = await prices.list({ product: "max", expand: ["data.product"] })
    expect(listed.data).toMatchObject([{ product: { name: "Max" } }])
    await expect(prices.create({ ...MONTHLY, product: "nobody" })).rejects.toThrow(/No such product/)
    await expect(prices.create(MONTHLY)).rejects.toThrow(/product/)
  })

  test("are found by a lookup key, which moves only when asked to", async () => {
    const { prices } = standIn.stripe
    const first = await prices.create({ ...MONTHLY, lookup_key: "max", product_data: { name: "Max" } })
    const product = String(first.product)
    await expect(prices.create({ ...MONTHLY, lookup_key: "max", product })).rejects.toThrow(/lookup key/)
    const next = { ...MONTHLY, lookup_key: "max", product, transfer_lookup_key: true }
    const second = await prices.create({ ...next, unit_amount: 5000 })
    const { data } = await prices.list({ lookup_keys: ["max"], active: true })
    expect(data.map(({ id }) => id)).toEqual([second.id])
    expect((await prices.retrieve(first.id)).lookup_key).toBeNull()
    await prices.update(second.id, { active: false, lookup_key: "" })
    expect((await prices.list({ lookup_keys: ["max"] })).data).toEqual([])
  })
})
