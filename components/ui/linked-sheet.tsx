"use client"

import { useRouter } from "next/navigation"
import { type ReactNode, useLayoutEffect, useRef } from "react"
import { Icon } from "./icon"
import { Link } from "./link"

type LinkedSheetProps = {
  title: string
  /** The address of the page without the sheet. */
  closeHref: string
  /** Beside the title. */
  action?: ReactNode
  children: ReactNode
}

/**
 * A sheet that the page's address opens: at the right, and from below on a phone. The server writes it open, so it is
 * there without our JavaScript, with a link that closes it. With JavaScript it keeps the focus, and Escape closes it.
 */
export function LinkedSheet({ title, closeHref, action, children }: LinkedSheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const router = useRouter()
  const close = () => router.push(closeHref, { scroll: false })

  useLayoutEffect(() => {
    const sheet = dialog.current
    if (!sheet) return
    // An open one can't become modal.
    sheet.close()
    sheet.showModal()
    // It is read from its title on; the first of its buttons would have the focus otherwise.
    sheet.focus()
    return () => sheet.close()
  }, [])

  return (
    // The keyboard has Escape and the link for what a click beside the sheet does.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      aria-labelledby="sheet-title"
      className="fixed inset-x-0 top-auto bottom-0 z-50 m-0 flex max-h-[calc(100dvh-1.5rem)] w-full max-w-none flex-col rounded-t-card border border-border bg-surface text-text outline-none backdrop:bg-backdrop sm:inset-y-0 sm:right-0 sm:left-auto sm:h-dvh sm:max-h-none sm:max-w-[28rem] sm:rounded-none sm:border-y-0 sm:border-r-0"
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close()
      }}
      open
      ref={dialog}
      tabIndex={-1}
    >
      <div className="flex min-h-0 flex-1 flex-col">
        <div className="flex items-center justify-between gap-4 px-5 pt-4 pb-2 sm:px-6">
          <h2 className="min-w-0 text-body font-semibold wrap-anywhere" id="sheet-title">
            {title}
          </h2>
          <div className="-mr-2 flex shrink-0 items-center gap-1">
            {action}
            <Link
              aria-label="Close"
              className="grid size-10 place-items-center rounded-control text-muted transition-colors duration-100 hover:bg-sunken hover:text-text"
              href={closeHref}
              scroll={false}
            >
              <Icon name="close" />
            </Link>
          </div>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pb-5 sm:px-6 sm:pb-6">
          {children}
        </div>
      </div>
    </dialog>
  )
}
