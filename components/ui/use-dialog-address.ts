import { usePathname, useSearchParams } from "next/navigation"
import { useEffect, useEffectEvent } from "react"
import {
  addressWith,
  claimAddress,
  dialogInAddress,
  leaveOverPage,
  onTraverse,
  putOverPage,
} from "./dialog-address"

/**
 * Opens a dialog that the address names: after a reload, after signing in again, and on Forward. If `open` returns
 * false, the name leaves the address.
 */
export function useDialogAddress(address: string | undefined, open: () => unknown): void {
  const onAsked = useEffectEvent(open)
  const path = usePathname()
  const query = useSearchParams()
  const isHere = useEffectEvent(
    () => new URL(addressWith(null), location.href).href === hrefOf(path, query.toString()),
  )

  useEffect(() => {
    if (!address) return
    // Deferred until the router listens: it has read the page with this address and must continue without the dialog.
    queueMicrotask(async () => {
      if (dialogInAddress() !== address || !claimAddress()) return
      putOverPage(address)
      if ((await onAsked()) === false) leaveOverPage(address)
    })
    return onTraverse(() => {
      if (dialogInAddress() !== address || !isHere()) return false
      onAsked()
      return true
    })
  }, [address])
}

function hrefOf(path: string, query: string): string {
  const url = new URL(path, location.href)
  url.search = query
  url.searchParams.delete("dialog")
  return url.href
}
