import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { TooManyAttemptsError } from "@/lib/errors"
import { takeAttempt } from "./take-attempt"

const world = testDatabase()
const WINDOW_MS = 60_000
const start = new Date(Math.floor(Date.now() / WINDOW_MS) * WINDOW_MS)
const at = (ms: number) => new Date(start.getTime() + ms)

const take = (subject: string, now: Date, limit = 3) =>
  world.db.$transaction((tx) => takeAttempt(tx, { subject, limit, windowMs: WINDOW_MS }, now))

test("counts up to the limit within a window, and begins anew with the next", async () => {
  const subject = randomUUID()
  for (const ms of [0, 30_000, 59_999]) await take(subject, at(ms))
  await expect(take(subject, at(59_999))).rejects.toThrow(TooManyAttemptsError)
  await take(subject, at(60_000))
})

test("counts each subject by itself", async () => {
  const [one, other] = [randomUUID(), randomUUID()]
  await take(one, at(0), 1)
  await take(other, at(0), 1)
  await expect(take(one, at(0), 1)).rejects.toThrow(TooManyAttemptsError)
})

test("exactly the limit of fifty simultaneous attempts passes", async () => {
  const subject = randomUUID()
  const taken = await Promise.allSettled(Array.from({ length: 50 }, () => take(subject, at(0), 7)))
  expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(7)
})

test("doesn’t count an attempt whose transaction was rolled back", async () => {
  const subject = randomUUID()
  const rolledBack = world.db.$transaction(async (tx) => {
    await takeAttempt(tx, { subject, limit: 1, windowMs: WINDOW_MS }, at(0))
    throw new Error("rolled back")
  })
  await expect(rolledBack).rejects.toThrow("rolled back")
  await take(subject, at(0), 1)
})
