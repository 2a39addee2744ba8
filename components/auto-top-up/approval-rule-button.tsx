"use client"

import { FetchedDialogButton } from "@/components/ui/fetched-dialog-button"
import type { ApprovalActions, ApprovalRule } from "./approval-types"

type ApprovalRuleButtonProps = { rule: ApprovalRule; saveRule: ApprovalActions["saveRule"] }

const fetchDialog = async () => (await import("./approval-rule-dialog")).ApprovalRuleDialog

/** Opens the rule by which a second Owner or Admin approves. */
export function ApprovalRuleButton(props: ApprovalRuleButtonProps) {
  return (
    <FetchedDialogButton
      address="approval"
      dialog={props}
      fetchDialog={fetchDialog}
      size="small"
      variant="ghost"
    >
      {props.rule.aboveNanos === null ? "Require approval" : "Approval rule"}
    </FetchedDialogButton>
  )
}
