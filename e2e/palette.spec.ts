import type { Request } from "@playwright/test"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { buy } from "@/dev/testing/money-back"
import { toPublicId } from "@/lib/ids"
import { expect, test } from "./fixtures"

test("the palette opens by key, finds a member, a key and a transaction by reference, and Enter leads there", async ({
  page,
  db,
  team,
  signInAs,
  expectAccessible,
}) => {
  await db.user.update({ where: { id: team.member.userId }, data: { name: "Lin Zhou" } })
  const key = await createTestApiKey(db, team, { name: "Nightly index" })
  const payment = await buy(db, { teamId: team.id, poolId: team.member.poolId }, usd(25))
  await signInAs(team.owner)
  await page.goto("/teams")
  await page.goto(`/${team.slug}/settings/profile`)
  const palette = page.getByRole("dialog", { name: "Find" })
  const input = palette.getByRole("combobox")
  const marked = palette.locator("[data-highlighted]")
  const button = page.getByRole("button", { name: "Find" })
  await button.focus()
  await page.keyboard.press("Control+k")
  await expect(input).toBeFocused()
  await expect(palette.getByRole("status")).toContainText("members, API keys, transactions by reference")
  await expect(marked).toContainText("Billing")
  await page.keyboard.press("ArrowDown")
  await expect(marked).toContainText("Profile")
  await page.keyboard.press("Escape")
  await expect(palette).toBeHidden()
  await expect(button).toBeFocused()

  // An answer that would come late is called off, so it never takes the place of a newer one.
  await page.route("**/search?text=lin", () => undefined)
  const isOld = (request: Request) => request.url().endsWith("?text=lin")
  const old = page.waitForRequest(isOld)
  const calledOff = page.waitForEvent("requestfailed", isOld)
  await button.click()
  await input.fill("lin")
  await old
  await input.fill("zhou")
  await calledOff
  await expect(palette.getByRole("status")).toHaveText("1 result")
  await expect(marked).toContainText(`Lin ZhouMember · ${team.member.email}`)
  await expectAccessible()
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(
    `/${team.slug}/settings/members?search=${encodeURIComponent(team.member.email)}`,
  )
  await expect(page.getByRole("row", { name: /Lin Zhou/ })).toBeVisible()
  await expect(palette).toBeHidden()

  // Of a whole key only its end leaves the browser.
  await page.keyboard.press("Meta+k")
  const asked = page.waitForRequest(/\/search\?text=/)
  await input.fill(key.apiKey)
  expect(decodeURIComponent((await asked).url())).toMatch(`/search?text=ck_…${key.apiKey.slice(-4)}`)
  await expect(marked).toContainText("Nightly index")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(`/${team.slug}/settings/api-keys#${key.publicId}`)

  await page.keyboard.press("Control+k")
  await input.fill(payment.paymentIntentId)
  await expect(marked).toContainText("Purchase +$25.00")
  const opened = page.context().waitForEvent("page")
  await page.keyboard.press("Control+Enter")
  const tab = await opened
  const pool = toPublicId("pool", team.member.poolId)
  await expect(tab).toHaveURL(
    `/${team.slug}/settings/account/billing/transactions?pool=${pool}&open=${await seqOf(payment.purchaseId)}`,
  )
  await expect(tab.getByText("Balance after")).toBeVisible()
  await tab.close()
  await expect(palette).toBeVisible()
  await page.keyboard.press("Escape")
  // Back passes over the palette.
  for (const path of ["settings/members", "settings/profile"]) {
    await page.goBack()
    await expect(page).toHaveURL(new RegExp(`/${team.slug}/${path}`))
  }

  async function seqOf(causeId: string) {
    return (await db.entry.findFirstOrThrow({ where: { teamId: team.id, causeId } })).seq
  }
})

test("a Member finds own pages and no member or key; an outage is said, and pages are found all the same", async ({
  page,
  db,
  team,
  billingPath,
  signInAs,
  watched,
}) => {
  await createTestApiKey(db, team, { name: "Profiler" })
  await db.user.update({ where: { id: team.admin.userId }, data: { name: "Profi Marlow" } })
  await signInAs(team.member)
  await page.goto(billingPath)
  const palette = page.getByRole("dialog", { name: "Find" })
  const status = palette.getByRole("status")
  await page.keyboard.press("Control+k")
  await expect(status).toHaveText("Find pages and teams.")
  await page.keyboard.press("Control+k")
  await expect(palette).toBeHidden()
  // It doesn't open over another dialog, whose content would be lost: there is nothing else for Escape to close.
  const request = page.getByRole("dialog", { name: "Request credits" })
  await page.getByRole("button", { name: "Request credits" }).click()
  await expect(request).toBeVisible()
  await page.keyboard.press("Control+k")
  await page.keyboard.press("Escape")
  await expect(request).toBeHidden()

  await page.keyboard.press("Control+k")
  await palette.getByRole("combobox").fill("profi")
  await expect(status).toHaveText("1 result")
  await expect(palette.getByRole("option")).toHaveText(["ProfileAccount"])
  await palette.getByRole("combobox").fill("profiler")
  await expect(status).toHaveText("Nothing found. You can find pages and teams.")

  watched.allow(/ERR_FAILED/)
  await page.route("**/search?**", (route) => route.abort())
  await palette.getByRole("combobox").fill("sess")
  await expect(status).toHaveText("Only pages could be searched. Check your connection, then try again.")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(`/${team.slug}/settings/sessions`)
})
