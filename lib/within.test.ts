import { expect, test, vi } from "vitest"
import { TimeUpError, within } from "./within"

const never = new Promise<never>(() => undefined)

test("work that takes longer is given up, and its failure afterwards harms nobody", async () => {
  let fail = (_: Error): void => undefined
  const work = new Promise<never>((_, reject) => {
    fail = reject
  })
  await expect(within(1, work)).rejects.toThrow(TimeUpError)
  fail(new Error("too late"))
})

test("work that ends in time is what it is, and leaves no timer behind", async () => {
  vi.useFakeTimers()
  try {
    expect(await within(1_000, Promise.resolve("done"))).toBe("done")
    await expect(within(1_000, Promise.reject(new Error("broken")))).rejects.toThrow("broken")
    expect(vi.getTimerCount()).toBe(0)
    void within(1_000, never).catch(() => undefined)
    expect(vi.getTimerCount()).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})
