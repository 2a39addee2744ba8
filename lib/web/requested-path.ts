import { headers } from "next/headers"
import { ownPath } from "@/lib/auth/own-path"
import { env } from "@/lib/env"

/** The proxy sets it for every page, whatever the browser sent. */
export const REQUESTED_PATH_HEADER = "x-requested-path"

/**
 * Returns path and query of the requested page, to come back to it. Only the browser's address names an open dialog;
 * it arrives as the referrer when the page is read again.
 */
export async function requestedPath(): Promise<string> {
  const { APP_URL } = env()
  const sent = await headers()
  const path = ownPath(sent.get(REQUESTED_PATH_HEADER) ?? undefined, APP_URL)
  const referer = sent.get("referer")
  const from = referer && URL.canParse(referer) ? new URL(referer) : null
  const page = new URL(path, APP_URL)
  const dialog = from?.searchParams.get("dialog")
  if (dialog && from?.origin === page.origin && from.pathname === page.pathname)
    page.searchParams.set("dialog", dialog)
  return `${page.pathname}${page.search}`
}
