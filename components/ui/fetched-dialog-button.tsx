"use client"

import type { ComponentType, ReactNode, RefObject } from "react"
import { Button, type ButtonProps } from "./button"
import { useFetchedDialog } from "./use-fetched-dialog"

/** Every fetched dialog takes these beside its own props. */
type Opening = { open: boolean; onClose: () => void; buttonRef: RefObject<HTMLButtonElement | null> }

type FetchedDialogButtonProps<Props> = Pick<
  ButtonProps,
  "aria-label" | "className" | "disabled" | "size" | "variant"
> & {
  fetchDialog: () => Promise<ComponentType<Props & Opening>>
  /** The dialog's own props. */
  dialog: Props
  /** Opens it too. Give the dialog the same one. */
  address?: string
  children: ReactNode
}

/** A button and the dialog that it opens, which is fetched when somebody comes near, and begins anew each time. */
export function FetchedDialogButton<Props extends object>({
  fetchDialog,
  dialog,
  address,
  ...button
}: FetchedDialogButtonProps<Props>) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog, address)
  return (
    <>
      <Button {...button} {...buttonProps} />
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog {...dialog} buttonRef={buttonProps.ref} key={opening} onClose={() => close()} open={isOpen} />
      )}
    </>
  )
}
