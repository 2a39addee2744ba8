import type { BrowserContext, Page } from "@playwright/test"

export type WatchedPages = {
  /** The browser's complaints: errors on the console, uncaught errors, violations of the content policy. */
  problems: string[]
  /** For a test that provokes one. */
  allow: (...patterns: RegExp[]) => void
}

/** Listens to every page of a browser context, from its first line on. */
export async function watchPages(context: BrowserContext): Promise<WatchedPages> {
  const seen: string[] = []
  const allowed: RegExp[] = []
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`Content policy: ${violatedDirective} refused ${blockedURI}`),
    )
  })
  context.on("console", (message) => {
    if (message.type() !== "error") return
    seen.push(`${message.text()} (${message.location().url})`)
  })
  context.on("weberror", (error) => void seen.push(String(error.error())))
  return {
    get problems() {
      return seen.filter((problem) => !allowed.some((pattern) => pattern.test(problem)))
    },
    allow: (...patterns) => void allowed.push(...patterns),
  }
}

/** Cuts the page off from live updates. Otherwise it follows every change, and may be gone before the next press. */
export async function hearNothing(page: Page, watched: WatchedPages): Promise<void> {
  watched.allow(/live/, /ERR_FAILED/)
  await page.route("**/live", (route) => route.abort())
}
