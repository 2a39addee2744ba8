import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { TooManyAttemptsError } from "@/lib/errors"
import { admitToStripe, STRIPE_LIMITS, STRIPE_WINDOW_MS } from "./admit-to-stripe"
import type { Asker } from "./take-of-each"

const world = testDatabase()
const start = new Date(Math.floor(Date.now() / STRIPE_WINDOW_MS) * STRIPE_WINDOW_MS)

const somebody = (): Asker => ({ userId: randomUUID(), teamId: randomUUID(), address: randomUUID() })
const ask = (asker: Asker, now = start) => admitToStripe({ db: world.db, now }, asker)
const fill = (kind: keyof typeof STRIPE_LIMITS, who: string) =>
  world.db.rateLimit.create({
    data: { subject: `stripe:${kind}:${who}`, windowStart: start, attempts: STRIPE_LIMITS[kind] - 2 },
  })

test.each([
  ["person, whatever the team and address", "user", "userId"],
  ["team, whatever the person and address", "team", "teamId"],
  ["address, whatever the person and team", "address", "address"],
] as const)(
  "of a flood of one %s exactly the share is admitted, until the next window",
  async (_, kind, field) => {
    const same = somebody()[field]
    await fill(kind, same)
    const flood = await Promise.allSettled(
      Array.from({ length: 8 }, () => ask({ ...somebody(), [field]: same })),
    )
    expect(flood.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
    await expect(ask({ ...somebody(), [field]: same })).rejects.toThrow(TooManyAttemptsError)
    await ask({ ...somebody(), [field]: same }, new Date(start.getTime() + STRIPE_WINDOW_MS))
  },
)
