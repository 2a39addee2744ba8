import { type Browser, chromium } from "@playwright/test"
import { toPublicId } from "@/lib/ids"
import { countUsageParts } from "@/lib/usage/count-parts"
import { USAGE_GROUPS } from "@/lib/usage/filter"
import { BROWSER_ARGS, requireBrowser } from "../../stack/browser"
import { buildApp } from "../../stack/build"
import { freePort } from "../../stack/ports"
import { startStack } from "../../stack/stack"
import { startCuttingProxy } from "../../testing/servers/cutting-proxy"
import { SESSION_COOKIE, startTestSession } from "../../testing/sessions"
import { median } from "../measuring/measure"
import type { Section } from "../setup/bench"
import { withConnections } from "../setup/connections"
import { vacuum } from "../setup/vacuum"
import { type BusyTeam, createBusyTeam } from "./fill-usage"
import { measureJavaScript } from "./javascript"
import { measurePages } from "./vitals"

const RECORDS = 10_000_000
const QUICK_RECORDS = 1_000_000
const ROUNDS = 60
const WARM_UP = 8
const THROTTLE = 4
const EMPTY_PAGE = "/sign-in/check-your-email"
const SECRET = "bench-secret-of-32-characters-or-more"

export const pages: Section = {
  name: "pages",
  about:
    "Billing's pages for a team with a year of ten members' usage: the server's time and statements, and the browser's",
  async run({ server, report, quick, say }) {
    say("building the app")
    await buildApp()
    const url = await server.createDatabase("credits_demo_pages")
    await withConnections(url, async ({ db }) => {
      const busy = await createBusyTeam(db, url, quick ? QUICK_RECORDS : RECORDS, say)
      await vacuum(url)
      say("counting runs and models")
      await countUsageParts({ db })
      await vacuum(url)
      const { lastSeq } = await db.pool.findUniqueOrThrow({
        where: { teamId_id: { teamId: busy.team.id, id: busy.team.owner.poolId } },
      })
      const token = await startTestSession(db, busy.team.owner.userId)
      const paths = pathsOf(busy, lastSeq)

      const counted = await countStatements(url, paths, token)
      for (const [name, statements] of counted)
        report.say(`statements of ${name}`, statements, "", { target: { atMost: 8 } })

      const stack = await startApp(url)
      const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS })
      try {
        const times = await timePages(stack.appUrl, paths, token)
        for (const [name, took] of times) report.say(name, median(took), "ms", { target: { atMost: 60 } })
        const overview = paths.get("Overview") ?? ""
        const measured = await measurePages(browser, stack.appUrl, { overview }, token, say)
        const vitals = measured.get("overview") ?? []
        const at = (read: (each: (typeof vitals)[number]) => number) => median(vitals.map(read))
        report.say(
          `LCP of Overview at ${THROTTLE}x throttle`,
          at(({ lcpMs }) => lcpMs),
          "ms",
          { target: { atMost: 400 } },
        )
        report.say(
          "CLS of Overview",
          at(({ cls }) => cls),
          "",
          { target: { atMost: 0 } },
        )
        report.say(
          `INP of Overview at ${THROTTLE}x throttle`,
          await measureInteraction(browser, `${stack.appUrl}${overview}`, token),
          "ms",
          { target: { atMost: 100 }, note: "choosing among pools" },
        )
        const floor = await measureJavaScript(stack.appUrl, EMPTY_PAGE, token)
        const value = await measureJavaScript(stack.appUrl, overview, token)
        report.compare("JavaScript of Overview, against an empty page", value, "bytes", {
          floor,
          ratio: value / floor,
          target: { atMost: 1.25 },
        })
      } finally {
        await browser.close()
        await stack.stop()
      }
    })
    await server.dropDatabase("credits_demo_pages")
  },
}

/** The Owner's pool has half of all records. */
function pathsOf({ team }: BusyTeam, lastSeq: bigint): Map<string, string> {
  const billing = `/${team.slug}/settings/account/billing`
  const pool = toPublicId("pool", team.owner.poolId)
  return new Map([
    ["Overview", billing],
    ["Payments", `${billing}/payments`],
    ["Plan", `${billing}/plan`],
    ...USAGE_GROUPS.map(
      (group) => [`Usage of 90 days by ${group}`, `${billing}/usage?range=90d&by=${group}`] as const,
    ),
    ["Transactions", `${billing}/transactions?pool=${pool}`],
    ["Transactions, a deep page", `${billing}/transactions?pool=${pool}&before=${lastSeq / 2n}`],
  ])
}

async function startApp(databaseUrl: string) {
  const [appPort, stripePort] = [await freePort(), await freePort()]
  return startStack({
    ...{ isDemo: true, databaseUrl, appPort, stripePort },
    ...{ authSecret: SECRET, webhookSecret: `whsec_${SECRET}` },
  })
}

async function open(appUrl: string, path: string, token: string): Promise<void> {
  const answer = await fetch(`${appUrl}${path}`, { headers: { cookie: `${SESSION_COOKIE}=${token}` } })
  const html = await answer.text()
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${html.slice(0, 200)}`)
}

/** Counts statements by the message that ends each, `S`, on their way to the database. The worker asks for itself. */
async function countStatements(
  url: string,
  paths: Map<string, string>,
  token: string,
): Promise<Map<string, number>> {
  let asked = 0
  const proxy = await startCuttingProxy(url, (sent) => {
    asked += sent.toString("latin1").split("S\0\0\0\x04").length - 1
    return null
  })
  const stack = await startApp(proxy.url)
  try {
    const counted = new Map<string, number>()
    for (const [name, path] of paths) {
      await open(stack.appUrl, path, token)
      let fewest = Number.POSITIVE_INFINITY
      // The fewest of several, because the worker of the same stack asks now and then.
      for (let round = 0; round < 5; round++) {
        asked = 0
        await open(stack.appUrl, path, token)
        fewest = Math.min(fewest, asked)
      }
      counted.set(name, fewest)
    }
    return counted
  } finally {
    await stack.stop()
    await proxy.close()
  }
}

/** Each page in turn, round after round, so that what disturbs the machine disturbs all alike. */
async function timePages(
  appUrl: string,
  paths: Map<string, string>,
  token: string,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>([...paths.keys()].map((name) => [name, []]))
  for (let round = 0; round < WARM_UP + ROUNDS; round++)
    for (const [name, path] of paths) {
      const begin = performance.now()
      await open(appUrl, path, token)
      if (round >= WARM_UP) times.get(name)?.push(performance.now() - begin)
    }
  return times
}

// A text, because this file's compiler adds things to functions that a browser doesn't have.
const READ_INTERACTIONS = `new Promise((resolve) => {
  let longest = 0
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) longest = Math.max(longest, duration)
  }).observe({ type: "event", durationThreshold: 16, buffered: true })
  setTimeout(() => resolve(longest), 700)
})`

/** Returns the longest time from a press to the next paint while somebody opens and closes the list of pools. */
async function measureInteraction(browser: Browser, url: string, token: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US" })
  try {
    await context.addCookies([{ name: SESSION_COOKIE, value: token, url }])
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE })
    await page.goto(url, { waitUntil: "load" })
    const chooser = page.getByRole("button", { name: /choose another pool/ })
    await chooser.click()
    await page.getByRole("list", { name: "Pools" }).waitFor()
    await page.keyboard.press("Escape")
    return await page.evaluate<number>(READ_INTERACTIONS)
  } finally {
    await context.close()
  }
}
