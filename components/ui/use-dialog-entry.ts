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
  /** The dialog's name in the address while it is open, where the address can open it. */
  address: string | undefined
  /** Asks to close it. It may stay open, for example while something is being saved. */
  close: () => void
}

/** The open dialogs, the last one on top. Back closes that one. */
const stack: symbol[] = []

/** Gives an open dialog its own entry in the browser's history, so that Back closes the dialog and not the page. */
export function useDialogEntry({ open, address, close }: DialogEntry): void {
  const onBack = useEffectEvent(close)

  // In the layout phase, so that a closed dialog is known at once.
  useLayoutEffect(() => {
    if (!open) return
    const self = Symbol()
    const page = addressWith(null)
    let isOpen = true
    let hasEntry = false

    function enter() {
      if (!isOpen) return
      claimAddress()
      // It already has one after Forward and after a reload.
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
