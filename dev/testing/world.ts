import { afterAll, beforeAll, expect } from "vitest"
import type { Db } from "@/lib/db/client"
import { ofThisProcess } from "@/lib/per-process"
import { type StripeStandIn, startStripeStandIn } from "@/stand-in/server"
import { createTestDatabase, type TestDatabase } from "./database"
import { startInEnvironment } from "./environment"
import { findLedgerFaults } from "./ledger-holds"

export type DatabaseWorld = { db: Db; databaseUrl: string }
export type World = DatabaseWorld & { stripe: StripeStandIn }

/**
 * Gives the tests of a file a separate database, and points the code under test at it. After the last test the
 * ledger's invariants are recomputed: a broken one stays visible, because nothing is ever taken out of the ledger.
 */
export function testDatabase(): DatabaseWorld {
  let database: TestDatabase | undefined
  const world = {} as DatabaseWorld
  beforeAll(async () => {
    database = await createTestDatabase()
    world.db = database.db
    world.databaseUrl = database.url
    startOn(world)
  })
  afterAll(async () => {
    try {
      expect(await findLedgerFaults(world.db)).toEqual([])
    } finally {
      await database?.drop()
    }
  })
  return world
}

function startOn({ db, databaseUrl }: DatabaseWorld, changes: Record<string, string> = {}): void {
  startInEnvironment({ DATABASE_URL: databaseUrl, ...changes })
  // The code under test would open its own pool, which nobody would close.
  ofThisProcess.set("db", db)
}

/**
 * Provides a database and a Stripe stand-in for the tests of a file. After the last test the contract with Stripe is
 * checked. `changes` apply to the environment.
 */
export function testWorld(changes: Record<string, string> = {}): World {
  const world = testDatabase() as World
  beforeAll(async () => {
    world.stripe = await startStripeStandIn({ port: 0, contract: true })
    const { url } = world.stripe
    startOn(world, { STRIPE_API_BASE: url, STRIPE_JS_URL: `${url}/stripe.js`, ...changes })
  })
  afterAll(async () => {
    const { violations } = await world.stripe.control.contract()
    await world.stripe.close()
    expect(violations).toEqual([])
  })
  return world
}
