import { usePathname, useSearchParams } from "next/navigation"
import { useEffect, useEffectEvent } from "react"
import { addressWith, dialogInAddress, isEntryOverPage, OVER_PAGE, onTraverse } from "./dialog-address"

/** Opens a dialog that the address names: after a reload, after signing in again, and on Forward. */
export function useDialogAddress(address: string | undefined, open: () => void): void {
  const onAsked = useEffectEvent(open)
  const path = usePathname()
  const query = useSearchParams()
  const isHere = useEffectEvent(
    () => new URL(addressWith(null), location.href).href === hrefOf(path, query.toString()),
  )

  useEffect(() => {
    if (!address) return
    // Later, when the router listens: it has read the page with this address, and is to go on without.
    queueMicrotask(() => {
      if (dialogInAddress() !== address) return
      window.history.replaceState(isEntryOverPage() ? OVER_PAGE : null, "", addressWith(null))
      onAsked()
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
