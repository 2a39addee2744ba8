/**
 * The entry that an open dialog has in the browser's history. The router isn't told: to it, opening and closing a dialog
 * is no navigation, so nothing is asked of the server and no answer on its way is dropped.
 */
const PARAM = "dialog"

/** The dialog that the address names, or null. */
export function dialogInAddress(): string | null {
  return new URLSearchParams(location.search).get(PARAM)
}

/** This page's address, with the dialog in it or with none. */
export function addressWith(dialog: string | null): string {
  const url = new URL(location.href)
  if (dialog === null) url.searchParams.delete(PARAM)
  else url.searchParams.set(PARAM, dialog)
  return `${url.pathname}${url.search}`
}

/** In the state of an entry that lies over its page's own, which it still does after a reload. */
const OVER_PAGE = { isOverPage: true }

/** Whether this entry was made for a dialog. */
export function isEntryOverPage(): boolean {
  return history.state?.isOverPage === true
}

/** Adds an entry; the router's own state goes along, so that it can come back to it. */
export function pushEntry(address: string): void {
  History.prototype.pushState.call(history, { ...history.state, ...OVER_PAGE }, "", address)
}

/** Changes the address that a dialog's entry shows. */
export function showAddress(address: string): void {
  History.prototype.replaceState.call(history, { ...history.state, ...OVER_PAGE }, "", address)
}

/**
 * Puts the dialog that the page was asked with over the page, and lets the router go on with the page alone. The browser
 * never shows the address without it, so a reload in any moment opens it again.
 */
export function putOverPage(dialog: string): void {
  if (!isEntryOverPage()) {
    History.prototype.replaceState.call(history, history.state, "", addressWith(null))
    pushEntry(addressWith(dialog))
  }
  history.replaceState(null, "", addressWith(null))
}

let isClaimed = false

/** Returns whether the caller may open what the address names. Of several buttons with the same dialog, only the first may. */
export function claimAddress(): boolean {
  const isFirst = !isClaimed
  isClaimed = true
  return isFirst
}

/** Takes the page's address back from a dialog that couldn't be opened, if it still has it. */
export function leaveOverPage(dialog: string): void {
  if (isEntryOverPage() && dialogInAddress() === dialog) leaveEntry(addressWith(null))
}

/** An entry that lies over its page stays what it is when the router, which knows the page alone, writes that again. */
function replaceState(this: History, data: unknown, unused: string, url?: string | URL | null): void {
  const page = addressWith(null)
  const isPage = url != null && new URL(url, location.href).href === new URL(page, location.href).href
  if (isEntryOverPage() && isPage)
    History.prototype.replaceState.call(
      this,
      { ...Object(data), ...OVER_PAGE },
      unused,
      addressWith(dialogInAddress()),
    )
  else History.prototype.replaceState.call(this, data, unused, url)
}

/** Answers whether it has dealt with it: then nobody else hears of it, the router neither. */
type Listener = () => boolean

const listeners = new Set<Listener>()

/** Hears of Back and Forward before the router does; who came last is asked first. */
export function onTraverse(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

// Here and not in an effect: the root layout loads this file before the router begins to listen and wraps `replaceState`
// in its own, and a browser calls listeners of the window in their order.
if (typeof window !== "undefined") {
  history.replaceState = replaceState
  addEventListener("popstate", (event) => {
    isClaimed = false
    if ([...listeners].reverse().some((listener) => listener())) event.stopImmediatePropagation()
  })
}

let leaving: Promise<void> | null = null

/** Goes back over the entry of a dialog that has closed. */
export function leaveEntry(page: string): void {
  leaving = new Promise((resolve) => {
    const stop = onTraverse(() => {
      stop()
      leaving = null
      resolve()
      // The router is on this page already.
      return addressWith(null) === page
    })
    history.back()
  })
}

/** Once the last dialog's entry is gone. Who leads to another page after closing a dialog waits for it. */
export async function whenEntryIsLeft(): Promise<void> {
  await leaving
}

export const isLeaving = (): boolean => leaving !== null
