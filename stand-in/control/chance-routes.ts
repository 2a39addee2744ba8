import type { Hono } from "hono"
import { Chance, chanceSchema } from "../faults/chance"
import { bodyOf } from "./body"
import type { ControlParts } from "./parts"

/** How many deliveries are still to be made, how many were made, and which faults chance has dealt so far. */
export type Backlog = { waiting: number; delivered: number; faults: Record<string, number> }

export function chanceControl(app: Hono, { world, faults, webhooks }: ControlParts): void {
  const dealt = () => Object.fromEntries(faults.chance?.faults ?? [])
  app.post("/chance", async (c) => {
    const chance = new Chance(world, await bodyOf(c, chanceSchema))
    faults.chance = chance
    webhooks.rules.chance = chance
    return c.json({ ok: true })
  })
  app.delete("/chance", (c) => {
    const answer = { faults: dealt() }
    faults.chance = null
    webhooks.rules.chance = null
    return c.json(answer)
  })
  app.get("/backlog", (c) => {
    const count = { waiting: 0, delivered: 0 }
    for (const { state } of world.store.list("delivery"))
      if (state === "waiting" || state === "delivered") count[state] += 1
    return c.json({ ...count, faults: dealt() } satisfies Backlog)
  })
}
