"use client"

import { Button } from "@/components/ui/button"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"
import type { ApprovalActions, ApprovalRule } from "./approval-types"

type ApprovalRuleButtonProps = { rule: ApprovalRule; saveRule: ApprovalActions["saveRule"] }

const fetchDialog = async () => (await import("./approval-rule-dialog")).ApprovalRuleDialog

/** Opens the rule by which a second Owner or Admin approves. */
export function ApprovalRuleButton({ rule, saveRule }: ApprovalRuleButtonProps) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog, "approval")
  return (
    <>
      <Button {...buttonProps} size="small" variant="ghost">
        {rule.aboveNanos === null ? "Require approval" : "Approval rule"}
      </Button>
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          The rule couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          key={opening}
          onClose={() => close()}
          open={isOpen}
          rule={rule}
          saveRule={saveRule}
        />
      )}
    </>
  )
}
