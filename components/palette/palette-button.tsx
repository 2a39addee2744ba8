"use client"

import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from "react"
import { Button } from "@/components/ui/button"
import { Icon } from "@/components/ui/icon"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"
import type { ROLE_NAMES } from "@/lib/teams/permissions"

type PaletteButtonProps = { team: { slug: string }; role: keyof typeof ROLE_NAMES }

const fetchDialog = async () => (await import("./palette-dialog")).PaletteDialog

/** Opens the palette, as does its shortcut anywhere on the page. */
export function PaletteButton(props: PaletteButtonProps) {
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog)
  const button = buttonProps.ref
  const cameFrom = useRef<Element | null>(null)
  const shortcut = useSyncExternalStore(neverChanges, shortcutHere, () => "Ctrl K")

  function open(from: Element | null) {
    cameFrom.current = from
    buttonProps.onClick()
  }

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!isShortcut(event)) return
    event.preventDefault()
    if (isOpen) return close()
    // Another dialog is open, whose content would be lost on the way to another page.
    if (buttonProps.pending || button.current?.closest("[aria-hidden=true], [inert]")) return
    // An open menu would lie over the dialog.
    for (const menu of document.querySelectorAll<HTMLElement>(":popover-open")) menu.hidePopover()
    open(document.activeElement === document.body ? button.current : document.activeElement)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    addEventListener("keydown", listener)
    return () => removeEventListener("keydown", listener)
  }, [])

  return (
    <div className="shrink-0">
      <Button
        {...buttonProps}
        aria-keyshortcuts="Control+K Meta+K"
        className="h-10! text-muted! hover:text-text! max-lg:w-10 max-lg:border-transparent! max-lg:bg-transparent! max-lg:px-0! max-lg:hover:bg-sunken! lg:h-9! noscript:hidden"
        onClick={() => open(button.current)}
        size="small"
      >
        <Icon className="max-lg:size-5" name="find" />
        <span className="max-lg:sr-only">Find</span>
        <span aria-hidden="true" className="min-w-10 text-right font-sans font-normal max-lg:hidden">
          {shortcut}
        </span>
      </Button>
      {hasFailed && (
        <p
          className="fixed top-16 right-4 rounded-control border border-border bg-surface px-4 py-3 text-caption text-danger sm:right-8"
          role="alert"
        >
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog {...props} cameFrom={cameFrom} key={opening} onClose={() => close()} open={isOpen} />
      )}
    </div>
  )
}

/** By the letter, or on keyboards without Latin letters by its place. */
function isShortcut({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  const isLetter = /^[a-z]$/i.test(key) ? key.toLowerCase() === "k" : code === "KeyK"
  return isLetter && ctrlKey !== metaKey && !altKey && !shiftKey
}

const neverChanges = () => () => undefined
const shortcutHere = () => (/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘K" : "Ctrl K")
