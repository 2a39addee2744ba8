import type { ActionResult } from "@/lib/web/action-result"

/** A Member's own last request. */
export type OwnRequestEntry = {
  id: string
  status: "open" | "approved" | "declined"
  amountNanos: bigint
  reason: string
  changedAt: string
  endedAt: string | null
  answeredBy: string | null
  grantedNanos: bigint | null
  word: string | null
}

export type OwnRequestActions = {
  requestCredits: (input: {
    amount: string
    reason: string
    changes: string | null
  }) => Promise<ActionResult<unknown>>
  withdrawRequest: (input: { requestId: string }) => Promise<ActionResult<void>>
}

/** A request that waits for an answer. */
export type OpenRequestEntry = {
  id: string
  name: string
  amountNanos: bigint
  reason: string
  changedAt: string
  /** Asked by the reader, who was a Member then. */
  isOwn: boolean
}

export type AnswerActions = {
  approveRequest: (input: { requestId: string; amount: string }) => Promise<ActionResult<unknown>>
  declineRequest: (input: { requestId: string; word: string | null }) => Promise<ActionResult<void>>
  withdrawRequest: OwnRequestActions["withdrawRequest"]
}

/** The credits of whoever answers. */
export type Giver = {
  movableNanos: bigint
  /** Where they buy credits for their own pool. */
  purchaseHref: string
}

/** A place to move credits to. */
export type MoveTarget = { id: string; name: string; balanceNanos: bigint }

export type MoveSource = { id: string; name: string; balanceNanos: bigint; movableNanos: bigint }

export type MoveCredits = (input: {
  fromPoolId: string
  to: { kind: "pool"; poolId: string } | { kind: "email"; email: string }
  amount: string
  requestKey: string
}) => Promise<ActionResult<unknown>>
