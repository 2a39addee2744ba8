import { join } from "node:path"
import type { Page } from "@playwright/test"
import { test as base } from "../fixtures"

type Shoot = (name: string) => Promise<void>

/** Takes pictures of a state in both themes on a phone and on a desktop. */
export const test = base.extend<{ shoot: Shoot }>({
  shoot: async ({ page }, use) => use((name) => shootAll(page, name)),
})

export async function shootAll(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280])
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
      await page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState !== "running"),
      )
      const fullPage = (await page.getByRole("dialog").count()) === 0
      const path = join(process.env.SHOTS ?? "", `${name}-${width}-${colorScheme}.png`)
      await page.screenshot({ path, fullPage })
    }
}

/** The longest name that a team may have. */
export const LONG =
  "The Extraordinarily Long-Named Department of Unbreakable Compound Words and Other Matters of the Interior".padEnd(
    120,
    ".",
  )
