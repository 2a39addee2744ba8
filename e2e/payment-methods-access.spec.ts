import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { addCard, customerOf, readAtStripe, readCopy } from "@/dev/testing/payment-methods"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { stripeAt } from "@/stand-in/testing"
import { expect, test } from "./fixtures"
import { methodWorld } from "./pages/payment-methods-page"

const ACTIONS = [
  "startAddingPaymentMethod",
  "finishAddingPaymentMethod",
  "setDefaultPaymentMethod",
  "removePaymentMethod",
] as const

for (const name of ACTIONS)
  test(`${name} called without a page obeys only an Owner or Admin of the team`, async ({ db, team }) => {
    const [world, others] = [methodWorld(db), await createTestTeam(db)]
    await addCard(world, team)
    const own = await addCard(world, team, "pm_card_mastercard")
    const foreign = await addCard(world, others)
    const setupOf = async (of: TestTeam) =>
      (
        await stripeAt(world.stripe.url).setupIntents.create({
          customer: await customerOf(world, of),
          confirm: true,
          payment_method: "pm_card_amex",
          return_url: "http://localhost:3000/",
        })
      ).id
    const inputs = {
      startAddingPaymentMethod: () => ({ requestKey: crypto.randomUUID() }),
      finishAddingPaymentMethod: (given: { setup: string }) => ({
        setupIntentId: given.setup,
        makeDefault: true,
      }),
      setDefaultPaymentMethod: (given: { id: string }) => ({ paymentMethodId: given.id }),
      removePaymentMethod: (given: { id: string }) => ({ paymentMethodId: given.id }),
    }
    const input = inputs[name]
    const [mine, theirs] = [
      { id: own, setup: await setupOf(team) },
      { id: foreign, setup: await setupOf(others) },
    ]
    const action = await requireServerAction(name)
    const call = async (userId: string | null, given: unknown, slug = team.slug) => {
      const session = userId && (await startTestSession(db, userId))
      const path = `/${slug}/settings/account/billing`
      return (await callServerAction(action, { path, session, args: [slug, given] })).value
    }
    const snapshot = async () => [
      await readCopy(world, team),
      await readAtStripe(world, team),
      await readCopy(world, others),
      await readAtStripe(world, others),
    ]
    // Stripe's events about the setup bring the rest.
    await expect.poll(async () => (await readCopy(world, team)).ids).toHaveLength(3)
    await expect.poll(async () => (await readCopy(world, others)).ids).toHaveLength(2)
    const before = await snapshot()

    expect(await call(null, input(mine))).toMatchObject({ ok: false, code: "sign_in_required" })
    expect(await call(team.member.userId, input(mine))).toMatchObject({ ok: false, code: "forbidden" })
    expect(await call(others.owner.userId, input(mine))).toMatchObject({ ok: false, code: "not_found" })
    for (const given of [
      null,
      [],
      {},
      { ...input(mine), teamId: others.id },
      { paymentMethodId: { not: "" } },
      { paymentMethodId: "../customers" },
      { setupIntentId: "seti_1/../../refunds", makeDefault: true },
      { requestKey: "short" },
    ])
      expect(await call(team.owner.userId, given), JSON.stringify(given)).toMatchObject({
        ok: false,
        code: "invalid_input",
      })
    if (name !== "startAddingPaymentMethod") {
      expect(await call(team.owner.userId, input(theirs))).toMatchObject({ ok: false, code: "not_found" })
      const unknown = { id: "pm_nobody_knows", setup: "seti_nobody_knows" }
      expect(await call(team.owner.userId, input(unknown))).toEqual(
        await call(team.owner.userId, input(theirs)),
      )
    }
    expect(await snapshot()).toEqual(before)
    expect(await call(team.admin.userId, input(mine))).toMatchObject({ ok: true })
    if (name !== "removePaymentMethod")
      expect(await call(team.owner.userId, input(mine))).toMatchObject({ ok: true })
    const changed = {
      startAddingPaymentMethod: 0,
      finishAddingPaymentMethod: 1,
      setDefaultPaymentMethod: 1,
      removePaymentMethod: 1,
    }
    expect(JSON.stringify(await snapshot()) === JSON.stringify(before)).toBe(changed[name] === 0)
  })
