import { answering, startReceiver } from "@/dev/testing/servers/receiver"
import { expect, test } from "./fixtures"

test("a dialog that was closed by hand leaves nothing in the way of Back", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto("/teams")
  await page.goto(billingPath)
  const dialog = page.getByRole("dialog", { name: "Purchase Credits" })
  for (const close of [
    () => page.keyboard.press("Escape"),
    () => dialog.getByRole("button", { name: "Cancel" }).click(),
    () => dialog.getByRole("button", { name: "Close" }).click(),
  ]) {
    await page.getByRole("button", { name: /^purchase credits$/i }).click()
    await expect(dialog).toBeVisible()
    await close()
    await expect(dialog).toBeHidden()
    await expect(page).toHaveURL(billingPath)
  }
  await page.goBack()
  await expect(page).toHaveURL("/teams")
})

test("browser Back closes a dialog and stays on the page; Forward opens it again, whole", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto("/teams")
  await page.goto(billingPath)
  const dialog = page.getByRole("dialog", { name: "Purchase Credits" })
  await page.getByRole("button", { name: /^purchase credits$/i }).click()
  await dialog.getByLabel("Amount in USD").fill("77")
  await expect(page).toHaveURL(`${billingPath}?dialog=purchase`)
  await page.goBack()
  await expect(dialog).toBeHidden()
  await expect(page).toHaveURL(billingPath)
  await page.goForward()
  await expect(dialog.getByLabel("Amount in USD")).toHaveValue("10")
  await page.goBack()
  await expect(dialog).toBeHidden()
  await page.goBack()
  await expect(page).toHaveURL("/teams")
})

test("a dialog’s address opens it, also after a reload and after the page was read again", async ({
  page,
  team,
  billingPath,
  signInAs,
  db,
}) => {
  await signInAs(team.owner)
  await page.goto(`${billingPath}?dialog=purchase`)
  const dialog = page.getByRole("dialog", { name: "Purchase Credits" })
  await expect(dialog).toBeVisible()
  await expect(page).toHaveURL(`${billingPath}?dialog=purchase`)
  await dialog.getByLabel("Amount in USD").fill("77")
  // A change in the team makes the page refresh itself.
  const read = page.waitForResponse((response) => response.url().includes("_rsc"))
  await db.$executeRaw`SELECT pg_notify('credits_team_changed', ${team.id})`
  await read
  await expect(dialog.getByLabel("Amount in USD")).toHaveValue("77")
  await expect(page).toHaveURL(`${billingPath}?dialog=purchase`)
  await page.reload()
  await expect(dialog).toBeVisible()
  await page.goBack()
  await expect(dialog).toBeHidden()
  await expect(page).toHaveURL(billingPath)
})

test("a reload with a dialog open leaves nothing in the way of Back", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto("/teams")
  await page.goto(billingPath)
  const dialog = page.getByRole("dialog", { name: "Purchase Credits" })
  await page.getByRole("button", { name: /^purchase credits$/i }).click()
  await expect(dialog).toBeVisible()
  for (let reloads = 0; reloads < 2; reloads++) {
    await page.reload()
    await expect(dialog).toBeVisible()
    await expect(page).toHaveURL(`${billingPath}?dialog=purchase`)
  }
  await page.goBack()
  await expect(dialog).toBeHidden()
  await expect(page).toHaveURL(billingPath)
  await page.goForward()
  await expect(dialog).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(dialog).toBeHidden()
  await page.goBack()
  await expect(page).toHaveURL("/teams")
})

test("the address names a dialog from before it is fetched until it closes, whatever the router writes", async ({
  page,
  team,
  billingPath,
  signInAs,
  db,
}) => {
  await page.addInitScript(() => {
    const shown: string[] = []
    const { pushState, replaceState } = History.prototype
    History.prototype.pushState = function (...change) {
      pushState.apply(this, change)
      shown.push(location.search)
    }
    History.prototype.replaceState = function (...change) {
      replaceState.apply(this, change)
      shown.push(location.search)
    }
    Object.assign(window, { shown })
  })
  const readShown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
  let fetchDialog = () => {}
  const isHeld = new Promise<void>((resolve) => {
    fetchDialog = resolve
  })
  let isAsked = false
  await page.route("**/_next/static/chunks/**", async (route) => {
    const chunk = await route.fetch()
    if ((await chunk.text()).includes("Adds to your team")) {
      isAsked = true
      await isHeld
    }
    await route.fulfill({ response: chunk }).catch(() => undefined)
  })
  await signInAs(team.owner)
  await page.goto("/teams")
  // A script that is asked for early enough holds back the page's load event too.
  await page.goto(`${billingPath}?dialog=purchase`, { waitUntil: "domcontentloaded" })
  const button = page.getByRole("button", { name: /^purchase credits$/i })
  await expect.poll(() => isAsked).toBe(true)
  await expect(button).toHaveAttribute("aria-disabled", "true")
  // From here on the dialog has its entry in the history, so that a reload finds it.
  await page.reload({ waitUntil: "domcontentloaded" })
  await expect(button).toHaveAttribute("aria-disabled", "true")
  fetchDialog()
  await expect(page.getByRole("dialog", { name: "Purchase Credits" })).toBeVisible()
  const { length } = await readShown()
  await db.$executeRaw`SELECT pg_notify('credits_team_changed', ${team.id})`
  await expect.poll(async () => (await readShown()).length).toBeGreaterThan(length)
  expect(new Set(await readShown())).toEqual(new Set(["?dialog=purchase"]))
  await page.keyboard.press("Escape")
  await expect(page).toHaveURL(billingPath)
  await page.goBack()
  await expect(page).toHaveURL("/teams")
})

test("a router that adds its page again while a dialog is open leaves the dialog in the address, and one entry", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  await page.goto("/teams")
  await page.goto(billingPath)
  await page.getByRole("button", { name: /^purchase credits$/i }).click()
  await expect(page).toHaveURL(`${billingPath}?dialog=purchase`)
  // Marked as the router's own, as when an answer arrives late that it still takes for a navigation.
  await page.evaluate((path) => history.pushState({ ...history.state, __NA: true }, "", path), billingPath)
  await expect(page).toHaveURL(`${billingPath}?dialog=purchase`)
  await page.keyboard.press("Escape")
  await expect(page).toHaveURL(billingPath)
  await page.goBack()
  await expect(page).toHaveURL("/teams")
})

test("no address opens a dialog that a Member may not open", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.member)
  await page.goto(`${billingPath}?dialog=purchase`)
  await expect(page.getByText("Ask an Owner or Admin to add credits")).toBeVisible()
  await expect(page.getByRole("dialog")).toHaveCount(0)
})

test("a new API key stays until it was copied or Done was pressed, whatever else is pressed", async ({
  page,
  context,
  team,
  signInAs,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"])
  await signInAs(team.owner)
  const path = `/${team.slug}/settings/api-keys`
  await page.goto(path)
  const dialog = page.getByRole("dialog")
  for (const way of ["Copy key", "Done"]) {
    await page.getByRole("button", { name: "Create key" }).click()
    await dialog.getByLabel("Name").fill(`Key for ${way}`)
    await dialog.getByRole("checkbox").first().check()
    await dialog.getByRole("button", { name: "Create key" }).click()
    const secret = dialog.getByText(/^ck_/)
    await expect(secret).toHaveCSS("font-family", /mono/i)
    await page.keyboard.press("Escape")
    await page.mouse.click(5, 5)
    await page.goBack()
    await expect(page).toHaveURL(`${path}?dialog=create-key`)
    await expect(secret).toBeVisible()
    await expect(dialog.getByRole("button", { name: "Close" })).toHaveCount(0)
    await dialog.getByRole("button", { name: way }).click()
    if (way === "Copy key") {
      await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible()
      await page.keyboard.press("Escape")
    }
    await expect(dialog).toBeHidden()
    await expect(page).toHaveURL(path)
  }
})

test("a new webhook secret stays, and so does the form while the endpoint is being made", async ({
  page,
  team,
  signInAs,
}) => {
  const receiver = await startReceiver(answering(200))
  await signInAs(team.owner)
  await page.goto(`/${team.slug}/settings/webhooks`)
  const dialog = page.getByRole("dialog")
  await page.getByRole("button", { name: "Add endpoint" }).click()
  await dialog.getByLabel("Address").fill(receiver.url)
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route("**/settings/webhooks*", async (route) => {
    if (route.request().method() === "POST") await held
    await route.continue()
  })
  await dialog.getByRole("button", { name: "Add endpoint" }).click()
  await page.keyboard.press("Escape")
  await page.goBack()
  letGo()
  const secret = dialog.getByText(/^whsec_/)
  await expect(secret).toBeVisible()
  await page.keyboard.press("Escape")
  await page.mouse.click(5, 5)
  await expect(secret).toHaveCSS("font-family", /mono/i)
  await dialog.getByRole("button", { name: "Done" }).click()
  await expect(dialog).toBeHidden()
  await receiver.stop()
})
