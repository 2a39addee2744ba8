import { chromium } from "@playwright/test"
import { BROWSER_ARGS, requireBrowser } from "../../stack/browser"
import { SESSION_COOKIE } from "../../testing/sessions"

/** Returns the bytes of JavaScript that a page sends before anybody does anything, as they are on the wire. */
export async function measureJavaScript(appUrl: string, path: string, token: string): Promise<number> {
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS })
  try {
    const context = await browser.newContext()
    await context.addCookies([{ name: SESSION_COOKIE, value: token, url: appUrl }])
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send("Network.enable")
    const scripts = new Set<string>()
    let bytes = 0
    session.on(
      "Network.responseReceived",
      ({ requestId, type }) => type === "Script" && scripts.add(requestId),
    )
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength
    })
    await page.goto(`${appUrl}${path}`, { waitUntil: "networkidle" })
    return bytes
  } finally {
    await browser.close()
  }
}
