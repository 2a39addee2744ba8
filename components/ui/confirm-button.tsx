"use client"

import { useRouter } from "next/navigation"
import { type ReactNode, useRef, useState } from "react"
import { Button, type ButtonProps } from "./button"
import { Dialog } from "./dialog"
import { Notice } from "./notice"
import { showToast } from "./show-toast"

type ConfirmButtonProps = Pick<ButtonProps, "aria-label" | "className" | "variant"> & {
  /** On the button in the page: "Remove". */
  label: string
  /** On the button that does it. */
  confirmLabel: string
  title: string
  /** What it means. */
  children: ReactNode
  confirm: () => Promise<{ ok: true } | { ok: false; message: string }>
  /** When no answer came: it may have been done or not. */
  unreachable: string
  /** What a toast says when it is done. */
  done: string
}

/** Asks once more before something that can't be taken back. The page is read again when it is done. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, confirmLabel, title, children, confirm, unreachable, done, ...buttonProps } = props
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const cancel = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const isDone = useRef(false)

  async function act() {
    setPending(true)
    setProblem(null)
    const result = await confirm().catch(() => null)
    setPending(false)
    if (!result?.ok) return setProblem(result?.message ?? unreachable)
    isDone.current = true
    setOpen(false)
    showToast({ tone: "done", title: done })
    router.refresh()
  }

  return (
    <>
      <Button
        {...buttonProps}
        aria-haspopup="dialog"
        onClick={() => {
          setProblem(null)
          setOpen(true)
        }}
        ref={button}
        size="small"
      >
        {label}
      </Button>
      <Dialog
        // The button goes with what it was about, and the focus must not go with it: then the page's first control has it.
        finalFocus={() => (isDone.current ? document.getElementById("main") : button.current)}
        initialFocus={cancel}
        onOpenChange={(nextOpen) => {
          // Whoever asked learns what became of it.
          if (!pending) setOpen(nextOpen)
        }}
        open={open}
        title={title}
      >
        <div className="flex flex-col gap-4">
          {children}
          {problem && (
            <Notice announce tone="danger">
              {problem}
            </Notice>
          )}
          <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
            <Button disabled={pending} onClick={() => setOpen(false)} ref={cancel}>
              Cancel
            </Button>
            <Button onClick={act} pending={pending} variant="danger">
              {confirmLabel}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
