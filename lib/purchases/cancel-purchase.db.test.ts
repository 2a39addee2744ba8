import { afterEach, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { payCheckout, readPurchase, startTestPurchase } from "@/dev/testing/purchases"
import { createTestTeam } from "@/dev/testing/teams"
import { testWorld } from "@/dev/testing/world"
import { NotFoundError } from "@/lib/errors"
import { moveForward } from "./advance-purchase"
import { cancelPurchase } from "./cancel-purchase"
import { applyPaymentState } from "./settle-purchase"

const world = testWorld()
afterEach(() => world.stripe.control.reset())

const cancel = (ref: Parameters<typeof cancelPurchase>[1]) =>
  cancelPurchase({ db: world.db, now: new Date(), actor: { kind: "system" } }, ref)

test("ends an open checkout at Stripe, so that it can’t be paid any more", async () => {
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await cancel(ref)
  expect(await readPurchase(world, ref)).toMatchObject({ status: "cancelled", settledAt: expect.any(Date) })
  await expect(world.stripe.control.pay(sessionId)).rejects.toThrow()
})

test("credits a checkout that was paid in the meantime", async () => {
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  await payCheckout(world, sessionId)
  await cancel(ref)
  expect(await readPurchase(world, ref)).toMatchObject({ status: "succeeded", capturedNanos: usd(25) })
})

test("counts as cancelled also when Stripe’s report of the ended checkout overtakes us", async () => {
  const { ref } = await startTestPurchase(world, await createTestTeam(world.db))
  const ctx = { db: world.db, now: new Date() }
  await applyPaymentState(ctx, ref, { status: "expired" })
  await moveForward(ctx, ref, { status: "cancelled" })
  expect(await readPurchase(world, ref)).toMatchObject({ status: "cancelled" })
})

test("twenty times at once is one cancellation", async () => {
  const { ref } = await startTestPurchase(world, await createTestTeam(world.db))
  await Promise.all(Array.from({ length: 20 }, () => cancel(ref)))
  expect(await readPurchase(world, ref)).toMatchObject({ status: "cancelled" })
})

test("while Stripe can’t be asked leaves the purchase open", async () => {
  const { ref, sessionId } = await startTestPurchase(world, await createTestTeam(world.db))
  const path = `/v1/checkout/sessions/${sessionId}/expire`
  await world.stripe.control.fault({ match: { path }, times: 2, fault: { kind: "reset" } })
  await cancel(ref)
  expect(await readPurchase(world, ref)).toMatchObject({ status: "open" })
})

test("another team’s purchase is not found, and nothing ends", async () => {
  const other = await createTestTeam(world.db)
  const { ref } = await startTestPurchase(world, await createTestTeam(world.db))
  await expect(cancel({ ...ref, teamId: other.id })).rejects.toThrow(NotFoundError)
  expect(await readPurchase(world, ref)).toMatchObject({ status: "open" })
})
