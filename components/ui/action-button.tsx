"use client"

import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { Button, type ButtonProps } from "./button"
import { classNames } from "./class-names"
import { showToast } from "./show-toast"
import { type Refusal, useAction } from "./use-action"

type ActionButtonProps = Pick<ButtonProps, "size" | "variant" | "pending" | "children" | "aria-label"> & {
  /** A server action. */
  run: () => Promise<{ ok: true; value: unknown } | Refusal>
  /** The toast's words when it is done, where the page itself doesn't show it. */
  done?: string
  /** Shown when no answer came. */
  unreachable: string
  /** Styles the sentence of a failure. */
  problemClassName?: string
}

/** Does something at once that can be taken back, then refreshes the page. */
export function ActionButton(props: ActionButtonProps) {
  const { run, done, unreachable, problemClassName, pending = false, children, ...button } = props
  const router = useRouter()
  const { refusal, call } = useAction(run, { unreachable })
  // Pending until the page that shows the result is there.
  const [isPending, startTransition] = useTransition()

  function press() {
    startTransition(async () => {
      const result = await call()
      if (!result?.ok) return
      if (done) showToast({ tone: "done", title: done })
      router.refresh()
    })
  }

  return (
    <>
      <Button {...button} onClick={press} pending={isPending || pending}>
        {children}
      </Button>
      {refusal && (
        <p className={classNames("text-caption text-danger", problemClassName)} role="alert">
          {refusal.message}
        </p>
      )}
    </>
  )
}
