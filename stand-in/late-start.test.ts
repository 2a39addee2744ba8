import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test, vi } from "vitest"
import { startStripeStandIn } from "./server"
import { sessionParams, stripeAt } from "./testing"

const dataDir = mkdtempSync(join(tmpdir(), "stripe-stand-in-"))

afterEach(() => {
  vi.useRealTimers()
  rmSync(dataDir, { recursive: true, force: true })
})

test("a checkout whose time ended while the stand-in was off has expired for whoever asks first", async () => {
  const before = await startStripeStandIn({ port: 0, dataDir })
  const session = await stripeAt(before.url).checkout.sessions.create(sessionParams())
  await before.close()
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 3_600_000 })
  const after = await startStripeStandIn({ port: 0, dataDir })
  try {
    expect(await stripeAt(after.url).checkout.sessions.retrieve(session.id)).toMatchObject({
      status: "expired",
    })
  } finally {
    await after.close()
  }
})
