import { refresh } from "next/cache"
import { unstable_rethrow } from "next/navigation"
import type { z } from "zod"
import { type CurrentUser, getCurrentUser } from "@/lib/auth/session"
import { AppError, InvalidInputError, SignInRequiredError, UNEXPECTED_ERROR_SENTENCE } from "@/lib/errors"
import { log } from "@/lib/log"
import type { ActionResult } from "./action-result"
import { requireSameOrigin } from "./require-same-origin"

/** Returns who calls the action. Throws unless one of our own pages calls, with a session. */
export async function requirePerson(): Promise<CurrentUser> {
  await requireSameOrigin()
  const user = await getCurrentUser()
  if (user) return user
  // The refreshed page leads to sign-in and back.
  refresh()
  throw new SignInRequiredError()
}

/** Reads what an action was sent. Throws the first thing that doesn't fit, with its field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InvalidInputError(issue?.message ?? "Check what you entered.", issue?.path[0]?.toString())
}

/** Runs an action and returns its result for the page. */
export async function toResult<T>(run: () => Promise<T>): Promise<ActionResult<T>> {
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
