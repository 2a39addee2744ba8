"use client"

import type {
  AnswerActions,
  Giver,
  OpenRequestEntry,
} from "@/components/credit-requests/credit-request-types"
import { Button } from "@/components/ui/button"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

type AnswerButtonProps = {
  answer: "approve" | "decline"
  request: OpenRequestEntry
  giver: Giver
  actions: AnswerActions
}

const fetchDialog = async () => (await import("./answer-dialog")).AnswerDialog

export function AnswerButton({ answer, request, giver, actions }: AnswerButtonProps) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog)
  const label = answer === "approve" ? "Approve" : "Decline"
  return (
    <>
      <Button
        {...buttonProps}
        aria-label={`${label} the request of ${request.name}`}
        size="small"
        variant={answer === "approve" ? "secondary" : "ghost"}
      >
        {label}
      </Button>
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          actions={actions}
          answer={answer}
          buttonRef={buttonProps.ref}
          giver={giver}
          key={opening}
          onClose={() => close()}
          open={isOpen}
          request={request}
        />
      )}
    </>
  )
}
