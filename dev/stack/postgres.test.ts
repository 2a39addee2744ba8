import { expect, test } from "vitest"

test("the embedded PostgreSQL leaves the end of the process to whoever started it", async () => {
  const events = ["beforeExit", "exit", "SIGINT", "SIGTERM", "SIGHUP", "message"]
  const listeners = () => events.map((event) => [event, process.rawListeners(event)])
  const before = listeners()
  await import("./postgres")
  expect(listeners()).toEqual(before)
})
