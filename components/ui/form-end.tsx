import type { ReactNode, RefObject } from "react"
import { Button } from "./button"
import { Notice } from "./notice"

type FormEndProps = {
  /** Why it was refused. */
  problem: string | null | undefined
  pending: boolean
  cancelLabel?: string
  cancelRef?: RefObject<HTMLButtonElement | null>
  onCancel: () => void
  /** The button that does it. */
  children: ReactNode
}

/** The end of a form in a dialog: its problem, the way out and the way on. */
export function FormEnd(props: FormEndProps) {
  const { problem, pending, cancelLabel = "Cancel", cancelRef, onCancel, children } = props
  return (
    <>
      {problem && (
        <Notice announce tone="danger">
          {problem}
        </Notice>
      )}
      <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
        <Button disabled={pending} onClick={onCancel} ref={cancelRef}>
          {cancelLabel}
        </Button>
        {children}
      </div>
    </>
  )
}
