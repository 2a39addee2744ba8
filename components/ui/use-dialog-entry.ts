import { useEffectEvent, useLayoutEffect } from "react"
import { flushSync } from "react-dom"
import {
  addressWith,
  claimAddress,
  dialogInAddress,
  isEntryOverPage,
  isLeaving,
  leaveEntry,
  onTraverse,
  pushEntry,
  showAddress,
  whenEntryIsLeft,
} from "./dialog-address"

type DialogEntry = {
  open: boolean
  /** What the address calls it while it is open, where it can be opened by its address. */
  address: string | undefined
  /** Asks to close it. It may stay: while something is being saved, for example. */
  close: () => void
}

/** Those that are open, the last one on top: Back closes that one. */
const stack: symbol[] = []

/** Gives an open dialog an entry of its own in the browser's history, so that Back closes it and not the page. */
export function useDialogEntry({ open, address, close }: DialogEntry): void {
  const onBack = useEffectEvent(close)

  // In the layout phase: whether it has closed is known as soon as it has.
  useLayoutEffect(() => {
    if (!open) return
    const self = Symbol()
    const page = addressWith(null)
    let isOpen = true
    let hasEntry = false

    function enter() {
      if (!isOpen) return
      claimAddress()
      // It is there already where Forward has led to it, and after a reload.
      const isThere = stack.length === 1 && isEntryOverPage()
      if (!address || dialogInAddress() !== address) {
        const shown = addressWith(address ?? dialogInAddress())
        if (isThere) showAddress(shown)
        else pushEntry(shown)
      }
      hasEntry = true
    }
    function leave(): boolean {
      if (isLeaving() || stack.at(-1) !== self) return false
      hasEntry = false
      flushSync(() => onBack())
      // Further than over the dialog: the router shows that page.
      if (addressWith(null) !== page) return false
      enter()
      return true
    }

    stack.push(self)
    const stopListening = onTraverse(leave)
    if (isLeaving()) whenEntryIsLeft().then(enter)
    else enter()
    return () => {
      isOpen = false
      stack.splice(stack.indexOf(self), 1)
      stopListening()
      if (hasEntry && addressWith(null) === page) leaveEntry(page)
    }
  }, [open, address])
}
