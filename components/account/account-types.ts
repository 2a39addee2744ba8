import type { Display } from "@/lib/auth/schema"
import type { ActionResult } from "@/lib/web/action-result"

export type RenamePerson = (input: { name: string }) => Promise<ActionResult<void>>
export type RequestEmailChange = (input: { email: string }) => Promise<ActionResult<void>>
export type CancelEmailChange = (input: Record<string, never>) => Promise<ActionResult<void>>
export type ConfirmEmailChange = (input: { token: string }) => Promise<ActionResult<{ email: string }>>
export type SaveDisplay = (input: Display) => Promise<ActionResult<void>>
export type DeleteAccount = (input: { email: string }) => Promise<ActionResult<void>>
