/**
 * An open dialog has its own entry in the browser's history. The router isn't told: it doesn't count opening and
 * closing a dialog as navigation, so it asks the server nothing and drops no pending answer.
 */
const PARAM = "dialog"

/** Returns the dialog that the address names, or null. */
export function dialogInAddress(): string | null {
  return new URLSearchParams(location.search).get(PARAM)
}

/** Returns this page's address with the given dialog in it, or with none. */
export function addressWith(dialog: string | null): string {
  const url = new URL(location.href)
  if (dialog === null) url.searchParams.delete(PARAM)
  else url.searchParams.set(PARAM, dialog)
  return `${url.pathname}${url.search}`
}

/** Marks the state of an entry that lies over its page's own. The mark survives a reload. */
const OVER_PAGE = { isOverPage: true }

/** Whether this entry was made for a dialog. */
export function isEntryOverPage(): boolean {
  return history.state?.isOverPage === true
}

/** Adds an entry. It carries the router's own state, so that the router can come back to it. */
export function pushEntry(address: string): void {
  History.prototype.pushState.call(history, { ...history.state, ...OVER_PAGE }, "", address)
}

/** Changes the address that a dialog's entry shows. */
export function showAddress(address: string): void {
  History.prototype.replaceState.call(history, { ...history.state, ...OVER_PAGE }, "", address)
}

/**
 * Puts the dialog that the page was requested with over the page, and lets the router continue with the page alone.
 * The browser never shows the address without the dialog, so a reload at any moment opens it again.
 */
export function putOverPage(dialog: string): void {
  if (!isEntryOverPage()) {
    History.prototype.replaceState.call(history, history.state, "", addressWith(null))
    pushEntry(addressWith(dialog))
  }
  history.replaceState(null, "", addressWith(null))
}

let isClaimed = false

/**
 * Returns whether the caller may open the dialog in the address. Of several buttons for the same dialog, only the
 * first may.
 */
export function claimAddress(): boolean {
  const isFirst = !isClaimed
  isClaimed = true
  return isFirst
}

/** Takes a dialog out of the page's address when it couldn't be opened, if it is still there. */
export function leaveOverPage(dialog: string): void {
  if (isEntryOverPage() && dialogInAddress() === dialog) leaveEntry(addressWith(null))
}

/**
 * The router knows only the page. When it writes an entry again, or adds the page that already lies below as a new one,
 * this keeps the entry over its page.
 */
function keepOverPage(write: History["pushState"]): History["pushState"] {
  return function (this: History, data, unused, url) {
    const page = addressWith(null)
    const isPage = url != null && new URL(url, location.href).href === new URL(page, location.href).href
    if (isEntryOverPage() && isPage) {
      const kept = { ...Object(data), ...OVER_PAGE }
      History.prototype.replaceState.call(this, kept, unused, addressWith(dialogInAddress()))
    } else write.call(this, data, unused, url)
  }
}

/** Returns true when it has handled the event; nobody else hears of it then, not even the router. */
type Listener = () => boolean

const listeners = new Set<Listener>()

/** Hears of Back and Forward before the router does. The latest listener is asked first. */
export function onTraverse(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

// At module level and not in an effect: the root layout loads this file before the router starts to listen and wraps
// these methods itself, and browsers call window listeners in order of registration.
if (typeof window !== "undefined") {
  history.pushState = keepOverPage(History.prototype.pushState)
  history.replaceState = keepOverPage(History.prototype.replaceState)
  addEventListener("popstate", (event) => {
    isClaimed = false
    if ([...listeners].reverse().some((listener) => listener())) event.stopImmediatePropagation()
  })
}

let leaving: Promise<void> | null = null

/** Goes back over the entry of a closed dialog. */
export function leaveEntry(page: string): void {
  leaving = new Promise((resolve) => {
    const stop = onTraverse(() => {
      stop()
      leaving = null
      resolve()
      // The router already shows this page.
      return addressWith(null) === page
    })
    history.back()
  })
}

/** Resolves once the last dialog's entry is gone. Wait for it before leaving for another page after closing a dialog. */
export async function whenEntryIsLeft(): Promise<void> {
  await leaving
}

export const isLeaving = (): boolean => leaving !== null
