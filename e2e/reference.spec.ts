import type { Page } from "@playwright/test"
import { ERROR_CODES, ERRORS_PATH, problemTypePath } from "@/lib/reference/errors"
import { REFERENCE_GROUPS, REFERENCE_PATH } from "@/lib/reference/pages"
import { expect, test } from "./fixtures"

const CREDITS_ERROR = `${ERRORS_PATH}/insufficient-credits`
const PAGES = [REFERENCE_PATH, ...REFERENCE_GROUPS.flatMap(({ pages }) => pages.map(({ href }) => href))]
const ALL = [...PAGES, ...ERROR_CODES.map((code) => problemTypePath(code).slice(0, -1))]

/** Returns the addresses that a page links to, as written, and the ids that it has, all without scripts. */
async function linksOf(page: Page, path: string): Promise<{ links: string[]; ids: string[] }> {
  const html = await (await page.request.get(path)).text()
  return page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, "text/html")
    const links = [...read.querySelectorAll("a[href]")].map((link) => link.getAttribute("href") ?? "")
    return { links, ids: [...read.querySelectorAll("[id]")].map(({ id }) => id) }
  }, html)
}

test("every page answers without sign-in, with and without a slash at its end", async ({ page }) => {
  for (const path of ALL) {
    const answer = await page.request.get(path, { maxRedirects: 0 })
    expect(answer.status(), path).toBe(200)
    const withSlash = await page.request.get(`${path}/`)
    expect(withSlash.status(), path).toBe(200)
    expect(new URL(withSlash.url()).pathname, path).toMatch(new RegExp(`^${path}/?$`))
  }
})

test("the type of the credits error leads to its page", async ({ page }) => {
  await page.goto("/reference/api-and-sdk/troubleshooting/errors/insufficient-credits/")
  await expect(page.getByRole("heading", { level: 1, name: "Insufficient credits" })).toBeVisible()
  for (const reason of ["pool_empty", "spend_cap_reached", "allowance_exhausted", "debt"])
    await expect(page.getByRole("row").filter({ hasText: reason })).toHaveCount(1)
  await expect(page.getByText("403 Forbidden")).toBeVisible()
  await page.getByRole("link", { name: "How to resolve it" }).click()
  await expect(page.getByRole("heading", { name: "Runs by API key or schedule" })).toBeInViewport()
  const example = await page.locator("figure code").textContent()
  expect(JSON.parse(example ?? "")).toMatchObject({
    type: problemTypePath("insufficient_credits"),
    status: 403,
    retryable: false,
    code: "insufficient_credits",
  })
})

test("the pages link only to what exists, and to every error", async ({ page }) => {
  const seen = new Set<string>()
  for (const path of ALL) {
    const { links, ids } = await linksOf(page, path)
    expect(links.length, path).toBeGreaterThan(5)
    for (const link of links) {
      if (link.startsWith("#")) expect(ids.filter((id) => link === `#${id}`)).toHaveLength(1)
      else seen.add(link)
    }
  }
  for (const path of ALL) expect([...seen], path).toContain(path)
  expect([...seen]).toContain("/api/v1/openapi.json")
  for (const link of seen) {
    expect(link).toMatch(/^\//)
    expect((await page.request.get(link)).status(), link).toBe(200)
  }
})

test("the navigation marks the page that is open, or the one it belongs to", async ({ page }) => {
  const current = page.getByRole("navigation", { name: "Reference" }).locator("[aria-current=page]")
  await page.goto(REFERENCE_PATH)
  await expect(current).toHaveText(["Overview"])
  await page.getByRole("navigation").getByRole("link", { name: "API guide" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "API guide" })).toBeVisible()
  await expect(current).toHaveText(["API guide"])
  await page.goto(`${ERRORS_PATH}/conflict`)
  await expect(current).toHaveText(["Errors"])
})

test("an example can be copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"])
  await page.goto(CREDITS_ERROR)
  await page.getByRole("button", { name: "Copy 403 · application/problem+json" }).click()
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(JSON.parse(copied)).toMatchObject({ code: "insufficient_credits" })
})

test("an unknown page is not found, and leads back", async ({ page, watched }) => {
  watched.allow(/404/)
  for (const path of [
    `${ERRORS_PATH}/no-such-error`,
    `${ERRORS_PATH}/not_found`,
    `${ERRORS_PATH}/not-found/more`,
    `${REFERENCE_PATH}/nothing`,
    `${REFERENCE_PATH}/settings/account/billing`,
  ]) {
    const answer = await page.goto(path)
    expect(answer?.status(), path).toBe(404)
    await expect(page.getByRole("heading", { name: "There is no such page in the reference." })).toBeVisible()
  }
  await page.getByRole("link", { name: "All pages" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Reference" })).toBeVisible()
})

test("the addresses between the pages lead to the nearest one", async ({ page }) => {
  for (const [path, target] of [
    ["/reference/api-and-sdk/troubleshooting/", ERRORS_PATH],
    ["/reference/billing/", REFERENCE_PATH],
  ] as const) {
    await page.goto(path)
    expect(new URL(page.url()).pathname).toBe(target)
  }
})

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false })

  test("the pages read and link the same", async ({ page }) => {
    await page.goto(`${CREDITS_ERROR}/`)
    await expect(page.getByRole("heading", { level: 1, name: "Insufficient credits" })).toBeVisible()
    await expect(page.getByText('"reason": "pool_empty"')).toBeVisible()
    await expect(page.locator("[aria-current=page]")).toHaveText(["Errors"])
    await expect(page.getByRole("button", { includeHidden: true, name: "Copy" }).first()).toBeHidden()
    await page.getByRole("link", { name: /^Who pays Which/ }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Who pays" })).toBeVisible()
    await expect(page.getByRole("row").filter({ hasText: "schedule" })).toBeVisible()
  })
})

for (const path of [
  ...PAGES,
  CREDITS_ERROR,
  `${ERRORS_PATH}/idempotency-key-reused`,
  `${REFERENCE_PATH}/nothing`,
])
  test(`axe finds nothing and nothing is wider than the screen on ${path}`, async ({
    page,
    expectAccessible,
    watched,
  }) => {
    watched.allow(/404/)
    await page.goto(path)
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 })
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, `at ${width} px`).toBe(0)
    }
    await expectAccessible()
  })
