import type { ActionResult } from "@/lib/web/action-result"

export type SessionEntry = {
  id: string
  /** `Firefox on Windows` */
  browser: string
  signedInAt: string
  /** Exact to the day. */
  lastUsedAt: string
  isThis: boolean
}

export type EndSession = (input: { sessionId: string }) => Promise<ActionResult<void>>

export type SignOutEverywhere = (input: Record<string, never>) => Promise<ActionResult<void>>
