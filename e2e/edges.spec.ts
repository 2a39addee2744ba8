import { request as httpRequest, type IncomingMessage } from "node:http"
import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { giveCredits } from "@/dev/testing/pools"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { toPublicId } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { stripeAt } from "@/stand-in/testing"
import { expect, required, test } from "./fixtures"
import { openedCheckout } from "./pages/checkout"

type RawAnswer = { status: number; location: string | null; body: string }

/** Sends a request as a program does that doesn't keep to what browsers do. */
function rawGet(path: string, headers: Record<string, string>): Promise<RawAnswer> {
  const { hostname, port } = new URL(required("E2E_APP_URL"))
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location ?? null,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    }
    httpRequest({ hostname, port, path, headers }, answered).on("error", reject).end()
  })
}

const FOREIGN_NEXT = [
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "@evil.example",
  "https:evil.example",
  "https://evil.example/",
  "javascript:alert(1)",
  "data:text/html,x",
  "/%2f%2fevil.example",
  "%2f%2fevil.example",
  "/..//evil.example",
  "/.//evil.example",
  "/\t/evil.example",
  "/\r\nlocation: https://evil.example",
  "//evil。example",
  "http://localhost@evil.example",
]

test("after sign-in nobody is led to another site, whatever `next` says", async ({
  page,
  team,
  signInAs,
  baseURL,
}) => {
  await signInAs(team.owner)
  for (const next of FOREIGN_NEXT) {
    const response = await page.request.get(`/sign-in?next=${encodeURIComponent(next)}`, { maxRedirects: 0 })
    const target = new URL(response.headers().location ?? "/", baseURL)
    expect(target.origin, next).toBe(baseURL)
    expect(response.headers().location, next).not.toMatch(/^\/[/\\]/)
  }
  const twice = await page.request.get("/sign-in?next=/teams&next=//evil.example", { maxRedirects: 0 })
  expect(new URL(twice.headers().location ?? "/", baseURL).origin).toBe(baseURL)
})

test("a foreign Host reaches neither a link nor a redirect of a page", async ({ db, team, billingPath }) => {
  const cookie = `${SESSION_COOKIE}=${await startTestSession(db, team.owner.userId)}`
  const poisons: Record<string, string>[] = [
    { host: "evil.example" },
    { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
    { forwarded: "host=evil.example" },
  ]
  for (const poison of poisons)
    for (const path of [billingPath, "/", "/sign-in", "/teams", `/${team.slug}`]) {
      for (const session of [{ cookie }, {}] as Record<string, string>[]) {
        const answer = await rawGet(path, { ...poison, ...session })
        expect(answer.body, path).not.toContain("evil.example")
        expect(answer.location ?? "", path).not.toContain("evil.example")
      }
    }
})

test("Stripe is told to return to the configured address, and a request that names another host is refused", async ({
  db,
  team,
  billingPath,
  baseURL,
}) => {
  const start = await requireServerAction("startPurchase")
  const session = await startTestSession(db, team.owner.userId)
  const ask = (headers: Record<string, string>) =>
    callServerAction(start, {
      path: billingPath,
      session,
      args: [
        team.slug,
        { amount: "25", requestKey: crypto.randomUUID(), poolId: toPublicId("pool", team.owner.poolId) },
      ],
      headers: { "sec-fetch-site": "same-origin", ...headers },
    })
  const origin = baseURL ?? ""
  const evil = "http://evil.example"
  // Next compares the two, and they agree, as if a proxy passed on what it was told.
  for (const others of [{ "x-forwarded-host": "evil.example" }, {}] as Record<string, string>[])
    expect((await ask({ origin: evil, ...others })).value?.ok ?? false).toBe(false)
  expect(await db.purchase.count({ where: { teamId: team.id } })).toBe(0)
  expect((await ask({ origin })).value).toMatchObject({ ok: true })
  const { sessionId } = await openedCheckout(db, team)
  const checkout = await stripeAt(required("E2E_STRIPE_URL")).checkout.sessions.retrieve(sessionId)
  expect(checkout.return_url).toBe(`${baseURL}${billingPath}/return?session_id={CHECKOUT_SESSION_ID}`)
})

test("no header or spelling of an address gets past the guard of a page", async ({
  db,
  team,
  billingPath,
}) => {
  await giveCredits(db, team, team.owner, 8_642n * NANOS_PER_USD)
  const middleware = "middleware:middleware:middleware:middleware:middleware"
  const headers: Record<string, string>[] = [
    {},
    { "x-middleware-subrequest": middleware },
    { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
    { "x-middleware-subrequest": "src/proxy" },
    { "x-middleware-next": "1" },
    { "x-middleware-rewrite": billingPath },
    { "x-matched-path": billingPath, "x-now-route-matches": `1=${team.slug}` },
    { "x-invoke-path": billingPath, "x-invoke-status": "200" },
    { rsc: "1" },
    { rsc: "1", "next-router-prefetch": "1" },
    { rsc: "1", "next-router-segment-prefetch": "/_tree" },
    { rsc: "1", "next-router-segment-prefetch": "/_full" },
    { "x-nextjs-data": "1" },
  ]
  const paths = [
    billingPath,
    `${billingPath}?_rsc=1`,
    `${billingPath}.rsc`,
    `${billingPath}/`,
    `/${billingPath}`,
    `${billingPath.replace("billing", "%62illing")}`,
    `${billingPath};x`,
    `${billingPath}?nxtPteam=${team.slug}`,
    `/_next/data/x${billingPath}.json`,
    `${billingPath}.segments/_full.segment.rsc`,
    `${billingPath}/transactions`,
  ]
  for (const path of paths)
    for (const header of headers) {
      const { body } = await rawGet(path, header)
      expect(body, `${path} ${JSON.stringify(header)}`).not.toMatch(/8,642|864200|Welcome credits/)
    }
})

test("the server fetches no address for anybody who names one", async ({ db, team }) => {
  const cookie = `${SESSION_COOKIE}=${await startTestSession(db, team.owner.userId)}`
  const answer = await rawGet("/_next/image?url=http%3A%2F%2F127.0.0.1%2F&w=64&q=75", { cookie })
  expect(answer.status).toBeGreaterThanOrEqual(400)
})
