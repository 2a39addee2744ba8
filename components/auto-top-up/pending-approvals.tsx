"use client"

import { ActionButton } from "@/components/ui/action-button"
import { Notice } from "@/components/ui/notice"
import { Time } from "@/components/ui/time"
import type { ActionResult } from "@/lib/web/action-result"
import type { Approval, ApprovalActions } from "./approval-types"

type PendingApprovalsProps = { approvals: Approval[]; actions: ApprovalActions; now: string }

const UNREACHABLE = "No answer came. Check your connection, then look whether it still waits."

/** Changes that wait for a second Owner or Admin: its asker sees that, and everybody else can answer. */
export function PendingApprovals({ approvals, actions, now }: PendingApprovalsProps) {
  return approvals.map((approval) => (
    <Notice
      action={<Answer actions={actions} approval={approval} />}
      key={approval.id}
      title={
        approval.isOvertaken
          ? "Overtaken by a later change"
          : approval.isOwn
            ? "Waits for another Owner or Admin"
            : `${approval.askedBy} asks for your approval`
      }
      tone={approval.isOvertaken ? "info" : "warning"}
    >
      {approval.whose && <p>For {approval.whose}’s credits</p>}
      <ul>
        {approval.changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      <p className="text-muted">
        Asked <Time iso={approval.askedAt} now={now} /> · expires{" "}
        <Time iso={approval.expiresAt} look="deadline" now={now} />
      </p>
    </Notice>
  ))
}

function Answer({ approval, actions }: { approval: Approval; actions: ApprovalActions }) {
  const { id: approvalId, isOwn, isOvertaken } = approval
  if (isOwn)
    return (
      <Button done="Withdrawn. Nothing has changed." run={() => actions.withdraw({ approvalId })}>
        Withdraw
      </Button>
    )
  return (
    <div className="flex flex-wrap items-center gap-2">
      {!isOvertaken && (
        <Button done="Approved. It applies from now on." run={() => actions.approve({ approvalId })}>
          Approve
        </Button>
      )}
      <Button done="Declined. Nothing has changed." run={() => actions.decline({ approvalId })}>
        {isOvertaken ? "Dismiss" : "Decline"}
      </Button>
    </div>
  )
}

const OVERTAKEN = "Nothing was changed: the settings were changed since it was asked for."

type ButtonProps = {
  done: string
  run: () => Promise<ActionResult<{ status: string }>>
  children: string
}

function Button({ done, run, children }: ButtonProps) {
  async function answer() {
    const result = await run()
    if (!result.ok || result.value.status !== "overtaken") return result
    return { ok: false as const, code: "overtaken", message: OVERTAKEN }
  }
  return (
    <ActionButton
      done={done}
      problemClassName="basis-full"
      run={answer}
      size="small"
      unreachable={UNREACHABLE}
    >
      {children}
    </ActionButton>
  )
}
