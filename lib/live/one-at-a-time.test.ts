import { expect, test } from "vitest"
import { oneAtATime } from "./one-at-a-time"

test("asked for a thousand times while it runs, work runs once more, and never twice at once", async () => {
  const ends: (() => void)[] = []
  const ask = oneAtATime(() => new Promise((resolve) => ends.push(resolve)))
  const first = ask()
  for (let n = 0; n < 1_000; n++) void ask()
  expect(ends).toHaveLength(1)
  ends[0]?.()
  await Promise.resolve()
  expect(ends).toHaveLength(2)
  ends[1]?.()
  await first
  expect(ends).toHaveLength(2)
})

test("work that fails can be asked for again", async () => {
  let runs = 0
  const ask = oneAtATime(async () => {
    runs++
    if (runs === 1) throw new Error("once")
  })
  await expect(ask()).rejects.toThrow("once")
  await ask()
  expect(runs).toBe(2)
})
