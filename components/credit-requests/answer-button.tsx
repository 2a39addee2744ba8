"use client"

import type {
  AnswerActions,
  Giver,
  OpenRequestEntry,
} from "@/components/credit-requests/credit-request-types"
import { FetchedDialogButton } from "@/components/ui/fetched-dialog-button"

type AnswerButtonProps = {
  answer: "approve" | "decline"
  request: OpenRequestEntry
  giver: Giver
  actions: AnswerActions
}

const fetchDialog = async () => (await import("./answer-dialog")).AnswerDialog

export function AnswerButton({ answer, request, giver, actions }: AnswerButtonProps) {
  const label = answer === "approve" ? "Approve" : "Decline"
  return (
    <FetchedDialogButton
      aria-label={`${label} the request of ${request.name}`}
      dialog={{ answer, request, giver, actions }}
      fetchDialog={fetchDialog}
      size="small"
      variant={answer === "approve" ? "secondary" : "ghost"}
    >
      {label}
    </FetchedDialogButton>
  )
}
