import type { ActionResult } from "@/lib/web/action-result"

/** A limit as the page shows it. Amounts are nanos. */
export type LimitEntry = {
  id: string
  /** The member's or the key's id. */
  subjectId: string
  name: string
  /** The member's address, or the key's last characters. */
  detail: string
  amountNanos: bigint
  /** Spent this month, with what holds set aside. */
  usedNanos: bigint
  refuses: boolean
  /** Why this reader can't change it. */
  locked: string | null
}

export type LimitSubject =
  | { kind: "member"; memberId: string }
  | { kind: "email"; email: string }
  | { kind: "api_key"; apiKeyId: string }

export type LimitActions = {
  saveLimit: (input: {
    subject: LimitSubject
    amount: string
    refuses: boolean
  }) => Promise<ActionResult<void>>
  removeLimit: (input: { limitId: string }) => Promise<ActionResult<void>>
}

/** Of the Owner's credits, from keys and schedules. */
export type Protection = {
  /** Null: any amount. */
  limit: { amountNanos: bigint; usedNanos: bigint } | null
  reserveNanos: bigint
}

export type SaveProtection = (input: {
  amount: string | null
  reserve: string
}) => Promise<ActionResult<void>>

export type FreeKey = { id: string; name: string; last4: string }
