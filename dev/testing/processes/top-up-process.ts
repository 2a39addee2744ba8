import { setTimeout as pause } from "node:timers/promises"
import { topUpPool } from "@/lib/auto-top-up/top-up-pool"
import { connectDb } from "@/lib/db/client"
import { readTopUpPayment } from "@/lib/stripe/top-up-payments"

export type TopUpOrder = { teamId: string; poolId: string; afterMs: number }

// A separate process that tops pools up like the worker until it is killed. Says when it is ready, and when all is
// done.
const CONNECTIONS = 10
const db = connectDb(process.env.DATABASE_URL ?? "", CONNECTIONS)
process.on("message", (orders: TopUpOrder[]) => {
  const each = orders.map(async ({ afterMs, ...ref }) => {
    await pause(afterMs)
    await topUpPool({ db, now: new Date() }, ref)
  })
  void Promise.allSettled(each).then(() => process.send?.("done"))
})
process.on("disconnect", () => process.exit())
// Otherwise most kills would hit work that only the first call does.
await Promise.all(Array.from({ length: CONNECTIONS }, () => db.$queryRaw`SELECT pg_sleep(0.05)::text`))
await readTopUpPayment("pi_none")
process.send?.("ready")
