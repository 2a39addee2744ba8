import { refresh } from "next/cache"
import { headers } from "next/headers"
import { unstable_rethrow } from "next/navigation"
import type { z } from "zod"
import { getCurrentUser } from "@/lib/auth/session"
import { clock } from "@/lib/clock"
import { type Db, db } from "@/lib/db/client"
import { env } from "@/lib/env"
import {
  AppError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  SignInRequiredError,
  UNEXPECTED_ERROR_SENTENCE,
} from "@/lib/errors"
import { log } from "@/lib/log"
import { admitToStripe } from "@/lib/rate-limits/admit-to-stripe"
import { can, type Permission } from "@/lib/teams/permissions"
import type { ActionResult } from "./action-result"
import { noteActionBegun } from "./action-run"
import { requestAddress } from "./request-address"
import { getViewer, type Viewer } from "./require-member"
import { isSameOrigin } from "./same-origin"

/** `actor`: who acts, from which address. */
export type ActionCtx = Viewer & {
  db: Db
  now: Date
  appUrl: string
  actor: { memberId: string; userId: string; email: string; address: string }
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
      noteActionBegun()
      const requestHeaders = await headers()
      if (!isSameOrigin(requestHeaders, env().APP_URL))
        throw new ForbiddenError("Open the page again, then retry.")
      if (!(await getCurrentUser())) {
        // The refreshed page leads to sign-in and back.
        refresh()
        throw new SignInRequiredError()
      }
      const viewer = typeof teamSlug === "string" ? await getViewer(teamSlug) : null
      if (!viewer) throw new NotFoundError()
      if (!can(viewer.member.role, spec.permission)) throw new ForbiddenError()
      const parsed = spec.input.safeParse(input)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        throw new InvalidInputError(issue?.message ?? "Check what you entered.", issue?.path[0]?.toString())
      }
      const { user, team, member } = viewer
      const address = await requestAddress()
      const actor = { memberId: member.id, userId: user.id, email: user.email, address }
      const ctx = { ...viewer, db: db(), now: clock.now(), appUrl: env().APP_URL, actor }
      if (spec.asksStripe) await admitToStripe(ctx, { userId: user.id, teamId: team.id, address })
      return spec.run(ctx, parsed.data)
    })
}

async function toResult<T>(run: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    unstable_rethrow(error)
    if (error instanceof AppError)
      return { ok: false, code: error.code, message: error.title, field: error.field }
    const requestId = crypto.randomUUID()
    log().error({ err: error, requestId }, "Action failed")
    return {
      ok: false,
      code: "internal",
      message: `${UNEXPECTED_ERROR_SENTENCE} (Reference ${requestId.slice(0, 8)})`,
    }
  }
}
