import type { ActionResult } from "@/lib/web/action-result"

export type Approval = {
  id: string
  askedBy: string
  isOwn: boolean
  isOvertaken: boolean
  /** The holder of the pool, where the team has several. */
  whose: string | null
  /** In words, one change each. */
  changes: string[]
  askedAt: string
  expiresAt: string
}

/** The figure above which a second person approves. Null: nobody has to. */
export type ApprovalRule = { aboveNanos: bigint | null; version: number }

type AnswerApproval = (input: { approvalId: string }) => Promise<ActionResult<{ status: string }>>

/** Server actions. */
export type ApprovalActions = {
  approve: AnswerApproval
  decline: AnswerApproval
  withdraw: AnswerApproval
  saveRule: (input: {
    version: number
    above: string | null
  }) => Promise<ActionResult<{ status: "saved" | "pending" }>>
}
