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

/** Adds an entry; the router's own state goes along, so that it can come back to it. */
export function pushEntry(address: string): void {
  History.prototype.pushState.call(history, history.state, "", address)
}

/** Changes the address that is shown. */
export function showAddress(address: string): void {
  History.prototype.replaceState.call(history, history.state, "", address)
}

let leaving: Promise<void> | null = null

/** Goes back over the entry of a dialog that has closed. */
export function leaveEntry(page: string): void {
  leaving = new Promise((resolve) => {
    const onPopState = (event: PopStateEvent) => {
      leaving = null
      // The router is on this page already.
      if (addressWith(null) === page) event.stopImmediatePropagation()
      resolve()
    }
    addEventListener("popstate", onPopState, { capture: true, once: true })
    history.back()
  })
}

/** Once the last dialog's entry is gone. Who leads to another page after closing a dialog waits for it. */
export async function whenEntryIsLeft(): Promise<void> {
  await leaving
}

export const isLeaving = (): boolean => leaving !== null
