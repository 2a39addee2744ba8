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
  /** The fetch failed. Another click tries again. */
  hasFailed: boolean
  /** Counts openings. Used as the dialog's key, it makes each begin anew. */
  opening: number
  isOpen: boolean
  /** Closes the opening named, or the present one if none is: by the time of an answer, another may be on the screen. */
  close: (opening?: number) => void
}

/**
 * Fetches a dialog when a pointer or the focus comes near its button, not with the page. With an `address`, the
 * address opens it too; give the dialog the same one.
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
