"use client"

import { Dialog as Base } from "@base-ui/react/dialog"
import { createContext, type ReactNode, type RefObject, useContext, useLayoutEffect, useState } from "react"
import { Icon } from "./icon"
import { useDialogEntry } from "./use-dialog-entry"

type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  initialFocus?: RefObject<HTMLElement | null>
  /** Takes the focus on closing. Needed because Safari doesn't focus a button that is clicked. */
  finalFocus?: RefObject<HTMLElement | null> | (() => HTMLElement | null)
  /** False where a click beside the dialog would lose something irretrievable. */
  closesOnOutsidePress?: boolean
  /** The dialog's name in the page's address while it is open. `useDialogAddress` opens it from there. */
  address?: string
  children: ReactNode
}

const HoldContext = createContext<(isHeld: boolean) => void>(() => undefined)

/** Keeps the surrounding dialog open, whatever is pressed, until the content closes it or lets go. */
export function useHoldDialog(isHeld: boolean): void {
  const hold = useContext(HoldContext)
  // In the layout phase, so that no key press slips in between the content and its hold.
  useLayoutEffect(() => {
    hold(isHeld)
    return () => hold(false)
  }, [hold, isHeld])
}

/** Centred from 640 px on, a sheet from below on a phone. Longer content scrolls inside it. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, initialFocus, finalFocus, children } = props
  const { closesOnOutsidePress = true, address } = props
  const [isHeld, setIsHeld] = useState(false)
  const changeOpen = (nextOpen: boolean) => {
    if (nextOpen || !isHeld) onOpenChange(nextOpen)
  }
  useDialogEntry({ open, address, close: () => changeOpen(false) })
  return (
    <Base.Root disablePointerDismissal={!closesOnOutsidePress} onOpenChange={changeOpen} open={open}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 min-h-dvh bg-backdrop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center sm:items-center sm:p-6">
          <Base.Popup
            className="flex max-h-[calc(100dvh-1.5rem)] w-full flex-col rounded-t-card border border-border bg-surface outline-none transition-[translate,scale,opacity] duration-150 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0 max-sm:border-b-0 max-sm:data-ending-style:translate-y-8 max-sm:data-starting-style:translate-y-8 sm:max-h-[calc(100dvh-3rem)] sm:max-w-[32rem] sm:rounded-card sm:data-ending-style:scale-[0.98] sm:data-starting-style:scale-[0.98]"
            finalFocus={finalFocus}
            initialFocus={initialFocus}
          >
            <div className="flex items-start justify-between gap-4 px-5 pt-5 pb-3 sm:px-6">
              <div className="min-w-0">
                <Base.Title className="text-body font-semibold break-words">{title}</Base.Title>
                {description && (
                  <Base.Description className="text-caption text-muted">{description}</Base.Description>
                )}
              </div>
              {!isHeld && (
                <Base.Close
                  aria-label="Close"
                  className="-mt-2 -mr-2 grid size-10 shrink-0 place-items-center rounded-control text-muted transition-colors duration-100 hover:bg-sunken hover:text-text"
                >
                  <Icon name="close" />
                </Base.Close>
              )}
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pt-1 pb-5 sm:px-6 sm:pb-6">
              <HoldContext value={setIsHeld}>{children}</HoldContext>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
