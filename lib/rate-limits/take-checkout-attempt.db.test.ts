import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { TooManyAttemptsError } from "@/lib/errors"
import { CHECKOUT_LIMITS, CHECKOUT_WINDOW_MS, takeCheckoutAttempt } from "./take-checkout-attempt"

const world = testDatabase()
const start = new Date(Math.floor(Date.now() / CHECKOUT_WINDOW_MS) * CHECKOUT_WINDOW_MS)

type Counted = { userId: string; teamId: string; address: string }

const somebody = (): Counted => ({ userId: randomUUID(), teamId: randomUUID(), address: randomUUID() })
const take = (counted: Counted, now = start) =>
  world.db.$transaction((tx) => takeCheckoutAttempt(tx, counted, now))

test.each([
  ["person, whatever the team and address", "userId", CHECKOUT_LIMITS.user],
  ["team, whatever the person and address", "teamId", CHECKOUT_LIMITS.team],
  ["address, whatever the person and team", "address", CHECKOUT_LIMITS.address],
] as const)("of a flood of one %s exactly the limit passes", async (_, shared, limit) => {
  const same = somebody()[shared]
  const flood = Array.from({ length: 100 }, () => take({ ...somebody(), [shared]: same }))
  const refused = (await Promise.allSettled(flood)).flatMap((attempt) =>
    attempt.status === "rejected" ? [attempt.reason] : [],
  )
  expect(refused).toHaveLength(100 - limit)
  expect(refused.every((error) => error instanceof TooManyAttemptsError)).toBe(true)
  await expect(take({ ...somebody(), [shared]: same })).rejects.toThrow(TooManyAttemptsError)
  await take({ ...somebody(), [shared]: same }, new Date(start.getTime() + CHECKOUT_WINDOW_MS))
})

test("an attempt that one limit refuses uses up none of the others", async () => {
  const counted = somebody()
  for (let index = 0; index < CHECKOUT_LIMITS.user; index += 1) await take(counted)
  await expect(take(counted)).rejects.toThrow(TooManyAttemptsError)
  const rows = await world.db.rateLimit.findMany({ where: { subject: { endsWith: counted.teamId } } })
  expect(rows.map(({ attempts }) => attempts)).toEqual([CHECKOUT_LIMITS.user])
  await take({ ...somebody(), teamId: counted.teamId })
})
