import type { z } from "zod"
import type { CurrentUser } from "@/lib/auth/session"
import type { Db } from "@/lib/db/client"
import type { ActionResult } from "./action-result"
import { pageCtx } from "./page-ctx"
import { parseInput, requirePerson, toResult } from "./run-action"

/**
 * Makes a server action that anybody signed in can run on what is theirs and not a team's. Checks, in this order:
 * origin, session, input.
 */
export function personAction<Schema extends z.ZodType, T>(spec: {
  input: Schema
  run: (ctx: { db: Db; now: Date; user: CurrentUser }, input: z.output<Schema>) => Promise<T>
}): (input: z.input<Schema>) => Promise<ActionResult<T>> {
  return (input) =>
    toResult(async () => {
      const user = await requirePerson()
      return spec.run({ ...pageCtx(), user }, parseInput(spec.input, input))
    })
}
