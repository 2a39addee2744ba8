import { headers } from "next/headers"
import { env } from "@/lib/env"
import { ownPath } from "./own-path"

/** Set by the proxy for every page, whatever the browser sent. */
export const REQUESTED_PATH_HEADER = "x-requested-path"

/**
 * Path and query of the page that is asked for, to come back to it. A dialog that is open is in the address of the
 * browser only, which says so as the referrer when it reads the page again.
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
