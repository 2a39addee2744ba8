import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import type { Page } from "@playwright/test"
import type { AxeResults, RunOptions } from "axe-core"

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
// Stripe's frames come from another origin, as they do in production.
const CONFIGURE = 'axe.configure({ allowedOrigins: ["<unsafe_all_origins>"] })'

// By default axe also fetches and parses every style sheet, for css-orientation-lock, which is experimental and off.
const OPTIONS = { resultTypes: ["violations"], preload: { assets: ["media"] } } satisfies RunOptions

/**
 * Returns what axe finds wrong with the page and its frames. It is injected once per document: to bring it anew for
 * each pass takes longer than all of its rules.
 */
export async function findViolations(page: Page, options: RunOptions) {
  for (const frame of page.frames())
    if (await frame.evaluate(() => !("axe" in window))) await frame.evaluate(`${await source}; ${CONFIGURE}`)
  const { violations } = await page.evaluate(
    (given): Promise<AxeResults> =>
      (window as unknown as { axe: typeof import("axe-core") }).axe.run(document, given),
    { ...OPTIONS, ...options } satisfies RunOptions,
  )
  return violations.map(({ id, nodes: [node] }) => [id, node?.target.join(" "), node?.failureSummary])
}
