"use client"

import type { ButtonProps } from "./button"
import type { Confirmation } from "./confirm-dialog"
import { FetchedDialogButton } from "./fetched-dialog-button"

type ConfirmButtonProps = Pick<ButtonProps, "aria-label" | "className" | "variant"> &
  Confirmation & {
    /** The label of the button in the page: "Remove". */
    label: string
  }

const fetchDialog = async () => (await import("./confirm-dialog")).ConfirmDialog

/** Asks for confirmation before something irreversible, then refreshes the page. */
export function ConfirmButton({
  label,
  className,
  variant,
  "aria-label": ariaLabel,
  ...confirmation
}: ConfirmButtonProps) {
  return (
    <FetchedDialogButton
      aria-label={ariaLabel}
      className={className}
      dialog={confirmation}
      fetchDialog={fetchDialog}
      size="small"
      variant={variant}
    >
      {label}
    </FetchedDialogButton>
  )
}
