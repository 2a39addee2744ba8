"use server"

import { endAllSessions, endOwnSession } from "@/lib/auth/end-own-sessions"
import { endSessionSchema, signOutEverywhereSchema } from "@/lib/auth/schema"
import { forgetCookie } from "@/lib/auth/session"
import { personAction } from "@/lib/web/person-action"

export const endSession = personAction({
  input: endSessionSchema,
  run: ({ db, user }, { sessionId }) => endOwnSession(db, { userId: user.id, sessionId }),
})

/** The refreshed page leads to sign-in. */
export const signOutEverywhere = personAction({
  input: signOutEverywhereSchema,
  async run({ db, user }) {
    await endAllSessions(db, user.id)
    await forgetCookie()
  },
})
