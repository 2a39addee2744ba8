import { type ComponentType, type RefObject, useRef, useState } from "react"
import { useDialogAddress } from "./use-dialog-address"

type FetchedDialog<Props> = {
  /** For the button that opens it. */
  buttonProps: {
    "aria-haspopup": "dialog"
    onClick: () => void
    onFocus: () => void
    onPointerEnter: () => void
    pending: boolean
    ref: RefObject<HTMLButtonElement | null>
  }
  /** Null until it has been fetched. */
  Dialog: ComponentType<Props> | null
  /** It couldn't be fetched. Another click tries again. */
  hasFailed: boolean
  /** Counts up with each opening: as the dialog's key it begins anew. */
  opening: number
  isOpen: boolean
  /** Closes the opening that asks for it, or whichever there is: by the time of an answer another may be on the screen. */
  close: (opening?: number) => void
}

/**
 * A dialog that is fetched when a pointer or the focus comes near its button, not with the page. With an `address` it is
 * opened by that too; the dialog itself is given the same.
 */
export function useFetchedDialog<Props>(
  fetchIt: () => Promise<ComponentType<Props>>,
  address?: string,
): FetchedDialog<Props> {
  const ref = useRef<HTMLButtonElement>(null)
  const [Dialog, setDialog] = useState<ComponentType<Props> | null>(null)
  const [loading, setLoading] = useState<"no" | "yes" | "failed">("no")
  const [opening, setOpening] = useState({ count: 0, isOpen: false })

  async function open(): Promise<boolean> {
    setLoading("yes")
    try {
      const fetched = await fetchIt()
      setDialog(() => fetched)
      setOpening(({ count }) => ({ count: count + 1, isOpen: true }))
      setLoading("no")
      return true
    } catch {
      setLoading("failed")
      return false
    }
  }

  useDialogAddress(address, open)

  const prefetch = () => void fetchIt().catch(() => undefined)
  return {
    buttonProps: {
      "aria-haspopup": "dialog",
      onClick: open,
      onFocus: prefetch,
      onPointerEnter: prefetch,
      pending: loading === "yes",
      ref,
    },
    Dialog,
    hasFailed: loading === "failed",
    opening: opening.count,
    isOpen: opening.isOpen,
    close: (closing) =>
      setOpening(({ count, isOpen }) => ({
        count,
        isOpen: isOpen && closing !== undefined && count !== closing,
      })),
  }
}
