import { afterEach, describe, expect, test } from "vitest"
import { addCard, attachCard, customerOf, readAtStripe, readCopy } from "@/dev/testing/payment-methods"
import { connect } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { requireStripeCustomer } from "@/lib/customers/stripe-customer"
import { UnavailableError } from "@/lib/errors"
import { stripeAt, until } from "@/stand-in/testing"
import { getDefaultPaymentMethod, listPaymentMethods } from "./queries"
import { syncPaymentMethods } from "./sync-payment-methods"

const world = testWorld()
afterEach(() => world.stripe.control.reset())

const sync = (team: TestTeam) => syncPaymentMethods({ db: world.db, now: new Date() }, team.id)
const stripe = () => stripeAt(world.stripe.url)

async function expectSame(team: TestTeam): Promise<void> {
  expect(await readCopy(world, team)).toEqual(await readAtStripe(world, team))
}

describe("the copy", () => {
  test("of a team without a customer is empty, and Stripe isn’t asked", async () => {
    const team = await createTestTeam(world.db)
    const { count } = await world.stripe.control.requests()
    await sync(team)
    expect(await readCopy(world, team)).toEqual({ defaultId: null, ids: [] })
    expect((await world.stripe.control.requests()).count).toBe(count)
  })

  test("has everything that a page shows of a card", async () => {
    const team = await createTestTeam(world.db)
    const id = await addCard(world, team, "pm_card_amex")
    const [row] = await world.db.paymentMethod.findMany({ where: { teamId: team.id } })
    expect(row).toMatchObject({
      id,
      brand: "amex",
      last4: "0005",
      fingerprint: expect.any(String),
      label: null,
    })
    const [listed] = await listPaymentMethods(world.db, team.id, new Date())
    expect(listed).toMatchObject({
      name: "American Express •••• 0005",
      expires: { on: expect.stringMatching(/^12\/\d\d$/), state: "valid" },
      isDefault: true,
    })
    expect(await getDefaultPaymentMethod(world.db, team.id, new Date())).toEqual(listed)
  })

  test("has more cards than one answer of Stripe holds", async () => {
    const team = await createTestTeam(world.db)
    for (let batch = 0; batch < 11; batch += 1)
      await Promise.all(Array.from({ length: 10 }, () => attachCard(world, team)))
    await sync(team)
    expect((await readCopy(world, team)).ids).toHaveLength(110)
  })

  test("follows cards that come, change and go", async () => {
    const team = await createTestTeam(world.db)
    const [first, second] = [await addCard(world, team), await addCard(world, team, "pm_card_mastercard")]
    await expectSame(team)
    await world.stripe.control.updateCard(second, { exp_month: 3, exp_year: 2040 })
    await stripe().paymentMethods.detach(first)
    await sync(team)
    await expectSame(team)
    expect(await listPaymentMethods(world.db, team.id, new Date())).toMatchObject([
      { id: second, expires: { on: "03/40" }, isDefault: true },
    ])
  })

  test("keeps apart what belongs to two teams", async () => {
    const [one, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
    const [mine, theirs] = [await addCard(world, one), await addCard(world, other)]
    expect((await readCopy(world, one)).ids).toEqual([mine])
    expect((await readCopy(world, other)).ids).toEqual([theirs])
  })

  test("isn’t written while Stripe can’t be asked", async () => {
    const team = await createTestTeam(world.db)
    const first = await addCard(world, team)
    await attachCard(world, team)
    for (const path of ["/v1/customers/*", "/v1/customers/*/payment_methods"]) {
      await world.stripe.control.fault({ match: { method: "GET", path }, times: 9, fault: { kind: "reset" } })
      await expect(sync(team)).rejects.toThrow(UnavailableError)
      await world.stripe.control.clearFaults()
      expect((await readCopy(world, team)).ids).toEqual([first])
    }
    await sync(team)
    await expectSame(team)
  })
})

describe("several reads at once", () => {
  test("end in what Stripe has, twenty of them", async () => {
    const team = await createTestTeam(world.db)
    await attachCard(world, team)
    await attachCard(world, team, "pm_card_mastercard")
    await Promise.all(Array.from({ length: 20 }, () => sync(team)))
    await expectSame(team)
    expect((await readCopy(world, team)).defaultId).not.toBeNull()
  })

  test("never let an older one overwrite a newer one", async () => {
    const team = await createTestTeam(world.db)
    await addCard(world, team)
    // The late one has read the earlier state and is held up on its way to the database.
    const gate = await connect(world)
    await gate.query("BEGIN")
    await gate.query("SELECT 1 FROM stripe_customers WHERE team_id = $1 FOR UPDATE", [team.id])
    const [before] = await snapshots(team)
    const late = sync(team)
    await until(
      () => waitingFor(gate),
      (waiting) => waiting > 0,
    )
    await attachCardAs(team)
    // Begun later, written first, as if its way had been free.
    await world.db.customerSnapshot.updateMany({
      where: { teamId: team.id },
      data: { lastBegun: { increment: 1 } },
    })
    const [now] = await snapshots(team)
    expect(now?.lastBegun).toBe((before?.lastBegun ?? 0n) + 2n)
    await world.db.customerSnapshot.updateMany({
      where: { teamId: team.id },
      data: { lastWritten: now?.lastBegun ?? 0n },
    })
    await world.db.paymentMethod.deleteMany({ where: { teamId: team.id } })
    await gate.query("COMMIT")
    await gate.end()
    await late
    // The late one wrote nothing. The next brings everything.
    expect((await readCopy(world, team)).ids).toEqual([])
    await sync(team)
    await expectSame(team)
    expect((await readCopy(world, team)).ids).toHaveLength(2)
  })

  const snapshots = (team: TestTeam) => world.db.customerSnapshot.findMany({ where: { teamId: team.id } })
  const attachCardAs = (team: TestTeam) => attachCard(world, team, "pm_card_mastercard")
  async function waitingFor(client: Awaited<ReturnType<typeof connect>>): Promise<number> {
    await client.query("SELECT pg_stat_clear_snapshot()")
    const { rows } = await client.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows[0]?.waiting ?? 0
  }
})

describe("a customer without a default", () => {
  test("gets the newest card that works, once", async () => {
    const team = await createTestTeam(world.db)
    const first = await attachCard(world, team)
    const expired = await attachCard(world, team, "pm_card_mastercard")
    await world.stripe.control.expireCard(expired.id)
    await sync(team)
    expect((await readAtStripe(world, team)).defaultId).toBe(first.id)
    await expectSame(team)
    const customer = await customerOf(world, team)
    const updates = () => world.stripe.control.requests({ method: "POST", path: `/v1/customers/${customer}` })
    const { count } = await updates()
    await sync(team)
    expect((await updates()).count).toBe(count)
  })

  test("keeps a default that is there, though a newer card comes", async () => {
    const team = await createTestTeam(world.db)
    const first = await addCard(world, team)
    await addCard(world, team, "pm_card_mastercard")
    expect((await readCopy(world, team)).defaultId).toBe(first)
    await expectSame(team)
  })

  test("is left as it was while the default can’t be set, and the next read sets it", async () => {
    const team = await createTestTeam(world.db)
    const { id } = await attachCard(world, team)
    const path = `/v1/customers/${await customerOf(world, team)}`
    await world.stripe.control.fault({ match: { method: "POST", path }, times: 2, fault: { kind: "reset" } })
    await expect(sync(team)).rejects.toThrow(UnavailableError)
    expect((await readCopy(world, team)).ids).toEqual([])
    await sync(team)
    expect(await readCopy(world, team)).toEqual({ defaultId: id, ids: [id] })
  })
})

describe("a customer that is gone at Stripe", () => {
  test("is set aside and leaves nothing behind", async () => {
    const team = await createTestTeam(world.db)
    await addCard(world, team)
    const gone = await customerOf(world, team)
    await stripe().customers.del(gone)
    await sync(team)
    expect(await readCopy(world, team)).toEqual({ defaultId: null, ids: [] })
    expect(await world.db.stripeCustomer.findUnique({ where: { id: gone } })).toMatchObject({
      replacedAt: expect.any(Date),
    })
    const next = await addCard(world, team)
    expect(await listPaymentMethods(world.db, team.id, new Date())).toMatchObject([
      { id: next, isDefault: true },
    ])
  })

  test("shows none of its cards from the moment it is replaced, whoever noticed", async () => {
    const team = await createTestTeam(world.db)
    await addCard(world, team)
    await world.db.stripeCustomer.updateMany({ where: { teamId: team.id }, data: { replacedAt: new Date() } })
    expect(await listPaymentMethods(world.db, team.id, new Date())).toEqual([])
    await requireStripeCustomer(world, { id: team.id, name: team.name, email: "owner@example.com" })
    expect(await listPaymentMethods(world.db, team.id, new Date())).toEqual([])
  })

  test("replaced while it was read brings nothing of it into the copy", async () => {
    const team = await createTestTeam(world.db)
    await addCard(world, team)
    const old = await customerOf(world, team)
    await world.stripe.control.fault({
      match: { method: "GET", path: `/v1/customers/${old}` },
      fault: { kind: "hang", ms: 500 },
    })
    const calls = () => world.stripe.control.requests({ path: `/v1/customers/${old}` })
    const { count } = await calls()
    const late = sync(team)
    await until(calls, (now) => now.count > count)
    await world.db.stripeCustomer.updateMany({ where: { teamId: team.id }, data: { replacedAt: new Date() } })
    const card = await attachCard(world, team, "pm_card_mastercard")
    await late
    expect((await readCopy(world, team)).ids).toEqual([card.id])
  })
})

test("the database takes one default of a team, and only whole cards", async () => {
  const team = await createTestTeam(world.db)
  const id = await addCard(world, team)
  const row = await world.db.paymentMethod.findUniqueOrThrow({
    where: { teamId_id: { teamId: team.id, id } },
  })
  const insert = (more: object) =>
    world.db.paymentMethod.create({ data: { ...row, id: "pm_other", ...more } })
  await expect(insert({})).rejects.toThrow("Unique constraint")
  await expect(insert({ isDefault: false, last4: null })).rejects.toThrow("payment_methods_card_is_whole")
  await expect(insert({ isDefault: false, type: "link" })).rejects.toThrow("payment_methods_card_is_whole")
  await insert({ isDefault: false })
})
