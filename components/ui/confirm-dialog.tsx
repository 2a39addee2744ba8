"use client"

import { useRouter } from "next/navigation"
import { type ReactNode, type RefObject, useRef } from "react"
import { flushSync } from "react-dom"
import { Button } from "./button"
import { Dialog } from "./dialog"
import { whenEntryIsLeft } from "./dialog-address"
import { FormEnd } from "./form-end"
import { showToast } from "./show-toast"
import { type Refusal, useAction } from "./use-action"

export type Confirmation = {
  title: string
  /** Explains the consequences. */
  children: ReactNode
  /** The label of the button that does it. */
  confirmLabel: string
  confirm: () => Promise<{ ok: true; value: unknown } | Refusal>
  /** Shown when no answer came: it may or may not have happened. */
  unreachable: string
  /** The toast's words when it is done. */
  done: string
  /** The page to go to when this one no longer exists. */
  nextHref?: string
}

export type ConfirmDialogProps = Confirmation & {
  open: boolean
  onClose: () => void
  buttonRef: RefObject<HTMLButtonElement | null>
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirmLabel, confirm, unreachable, done, nextHref, open, onClose, buttonRef } =
    props
  const router = useRouter()
  const cancel = useRef<HTMLButtonElement>(null)
  const { pending, refusal, call } = useAction(confirm, { unreachable })
  const isDone = useRef(false)

  async function act() {
    const result = await call()
    if (!result?.ok) return
    isDone.current = true
    flushSync(onClose)
    showToast({ tone: "done", title: done })
    if (!nextHref) return router.refresh()
    await whenEntryIsLeft()
    router.push(nextHref)
  }

  return (
    <Dialog
      // The button disappears with its item, so the focus moves to the page's first control.
      finalFocus={() => (isDone.current ? document.getElementById("main") : buttonRef.current)}
      initialFocus={cancel}
      onOpenChange={(nextOpen) => {
        // The person who asked learns the outcome.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={title}
    >
      <div className="flex flex-col gap-4">
        {children}
        <FormEnd cancelRef={cancel} onCancel={onClose} pending={pending} problem={refusal?.message}>
          <Button onClick={act} pending={pending} variant="danger">
            {confirmLabel}
          </Button>
        </FormEnd>
      </div>
    </Dialog>
  )
}
