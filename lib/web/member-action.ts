import type { z } from "zod"
import type { MemberActor } from "@/lib/audit/actor"
import { clock } from "@/lib/clock"
import { type Db, db } from "@/lib/db/client"
import { env } from "@/lib/env"
import { ForbiddenError, NotFoundError } from "@/lib/errors"
import { admitToStripe } from "@/lib/rate-limits/admit-to-stripe"
import { can, type Permission } from "@/lib/teams/permissions"
import type { ActionResult } from "./action-result"
import { requestAddress } from "./request-address"
import { getViewer, type Viewer } from "./require-member"
import { parseInput, requirePerson, toResult } from "./run-action"

/** `actor`: who acts, from which address. */
export type ActionCtx = Viewer & {
  db: Db
  now: Date
  appUrl: string
  actor: MemberActor
}

/**
 * Makes a server action that only members with the permission can run, with input that fits the schema. The browser
 * can call any action at any time, so everything is checked here, in this order: origin, session, membership and role
 * as they are now, input, and the limit on calls to Stripe.
 */
export function memberAction<Schema extends z.ZodType, T>(spec: {
  permission: Permission
  input: Schema
  /** Whether it makes us ask Stripe, at once or by a job. It then takes its turn like everything that does. */
  asksStripe?: boolean
  run: (ctx: ActionCtx, input: z.output<Schema>) => Promise<T>
}): (teamSlug: string, input: z.input<Schema>) => Promise<ActionResult<T>> {
  return (teamSlug, input) =>
    toResult(async () => {
      await requirePerson()
      const viewer = typeof teamSlug === "string" ? await getViewer(teamSlug) : null
      if (!viewer) throw new NotFoundError()
      if (!can(viewer.member.role, spec.permission)) throw new ForbiddenError()
      const valid = parseInput(spec.input, input)
      const { user, team, member } = viewer
      const address = await requestAddress()
      const actor = { memberId: member.id, userId: user.id, email: user.email, address }
      const ctx = { ...viewer, db: db(), now: clock.now(), appUrl: env().APP_URL, actor }
      if (spec.asksStripe) await admitToStripe(ctx, { userId: user.id, teamId: team.id, address })
      return spec.run(ctx, valid)
    })
}
