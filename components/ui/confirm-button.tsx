"use client"

import { Button, type ButtonProps } from "./button"
import type { Confirmation } from "./confirm-dialog"
import { useFetchedDialog } from "./use-fetched-dialog"

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
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog)
  return (
    <>
      <Button {...buttonProps} aria-label={ariaLabel} className={className} size="small" variant={variant}>
        {label}
      </Button>
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          {...confirmation}
          buttonRef={buttonProps.ref}
          key={opening}
          onClose={() => close()}
          open={isOpen}
        />
      )}
    </>
  )
}
