import { afterAll, afterEach, beforeAll, expect } from "vitest"
import type { Db } from "@/lib/db/client"
import { type StripeStandIn, startStripeStandIn } from "../stripe/server"
import { createTestDatabase, type TestDatabase } from "./database"
import { findLedgerFaults } from "./ledger-holds"
import { WEBHOOK_SECRET } from "./secrets"

export type World = { db: Db; databaseUrl: string; stripe: StripeStandIn }

/**
 * Gives the tests of a file a database and a Stripe stand-in of their own, and points the code under test at both.
 * After every test the ledger's invariants are computed anew; after the last, the contract with Stripe is checked.
 */
export function testWorld(): World {
  let database: TestDatabase | undefined
  const world = {} as World
  beforeAll(async () => {
    database = await createTestDatabase()
    world.stripe = await startStripeStandIn({ port: 0, contract: true })
    world.db = database.db
    world.databaseUrl = database.url
    Object.assign(process.env, {
      LOG_LEVEL: "silent",
      APP_URL: "http://localhost:3000",
      AUTH_SECRET: "a-secret-of-the-tests-that-is-long-enough",
      DATABASE_URL: database.url,
      STRIPE_SECRET_KEY: "sk_test_standin",
      STRIPE_PUBLISHABLE_KEY: "pk_test_standin",
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      STRIPE_API_BASE: world.stripe.url,
      STRIPE_JS_URL: `${world.stripe.url}/stripe.js`,
      SMTP_URL: "smtp://127.0.0.1:1",
    })
  })
  afterEach(async () => {
    expect(await findLedgerFaults(world.db)).toEqual([])
  })
  afterAll(async () => {
    const { violations } = await world.stripe.control.contract()
    await world.stripe.close()
    await database?.drop()
    expect(violations).toEqual([])
  })
  return world
}
