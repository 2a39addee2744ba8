import { useEffectEvent, useLayoutEffect } from "react"
import { flushSync } from "react-dom"
import {
  addressWith,
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

type EntryChange = Event & { navigationType: string | null }

/** Not in every browser; TypeScript doesn't know it yet. Without it, a page that is read again shows its own address. */
const navigation = () => (window as Window & { navigation?: EventTarget }).navigation

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
      // It is there already where Forward has led to it, and after a reload, which only hides its address.
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
    // The router writes its own address when it has read the page again.
    function onEntryChange(event: Event) {
      // Back comes here too, before it is told.
      if ((event as EntryChange).navigationType !== "replace") return
      if (address && hasEntry && addressWith(null) === page && dialogInAddress() === null)
        showAddress(addressWith(address))
    }

    stack.push(self)
    const stopListening = onTraverse(leave)
    navigation()?.addEventListener("currententrychange", onEntryChange)
    if (isLeaving()) whenEntryIsLeft().then(enter)
    else enter()
    return () => {
      isOpen = false
      stack.splice(stack.indexOf(self), 1)
      stopListening()
      navigation()?.removeEventListener("currententrychange", onEntryChange)
      if (hasEntry && addressWith(null) === page) leaveEntry(page)
    }
  }, [open, address])
}
