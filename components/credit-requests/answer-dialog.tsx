"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { ApproveForm } from "@/components/credit-requests/approve-form"
import type {
  AnswerActions,
  Giver,
  OpenRequestEntry,
} from "@/components/credit-requests/credit-request-types"
import { DeclineForm } from "@/components/credit-requests/decline-form"
import { Dialog } from "@/components/ui/dialog"
import { showToast } from "@/components/ui/show-toast"
import { formatUsd } from "@/lib/money/usd"

export type AnswerDialogProps = {
  answer: "approve" | "decline"
  request: OpenRequestEntry
  giver: Giver
  actions: AnswerActions
  open: boolean
  onClose: () => void
  buttonRef: RefObject<HTMLButtonElement | null>
}

/** Mount it with a new key for each opening. */
export function AnswerDialog({
  answer,
  request,
  giver,
  actions,
  open,
  onClose,
  buttonRef,
}: AnswerDialogProps) {
  const router = useRouter()
  const input = useRef<HTMLInputElement>(null)
  const [pending, setPending] = useState(false)
  const isDone = useRef(false)

  function finish(words: string) {
    isDone.current = true
    flushSync(onClose)
    showToast({ tone: "done", title: words })
    router.refresh()
  }
  const form = { request, inputRef: input, onCancel: onClose, onPendingChange: setPending }

  return (
    <Dialog
      description={`${request.name} asks for ${formatUsd(request.amountNanos)}: “${request.reason}”`}
      // The button disappears with its row, so the focus moves to the page's first control.
      finalFocus={() => (isDone.current ? document.getElementById("main") : buttonRef.current)}
      initialFocus={input}
      onOpenChange={(nextOpen) => {
        // The person who asked learns the outcome.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={answer === "approve" ? "Approve this request" : "Decline this request"}
    >
      {answer === "approve" ? (
        <ApproveForm
          {...form}
          approveRequest={actions.approveRequest}
          giver={giver}
          onApproved={(nanos) => finish(`${formatUsd(nanos)} moved to ${request.name}’s pool.`)}
        />
      ) : (
        <DeclineForm
          {...form}
          declineRequest={actions.declineRequest}
          onDeclined={() => finish(`The request of ${request.name} is declined.`)}
        />
      )}
    </Dialog>
  )
}
