import { readdirSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "@/dev/stack/build"
import { requireServerAction } from "@/dev/testing/actions"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { expect, required, test } from "./fixtures"
import { teamPages } from "./pages/team-pages"
import { closed, openRequest, statusOf } from "./raw-requests"

const MB = 1024 * 1024
const AUTH = ["_log", "signin/google", "signout", "session", "callback/google", "callback/email", "csrf"]

/** An address of every route of the app. */
const ROUTES = readdirSync(join(ROOT, "app/api"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("route.ts"))
  .map((file) => `/api/${file}`.replace(/\/route\.ts$/, "").replace(/\[+[.\w]+\]+/, "usage"))

test("a body of 100 MB is refused by every page and route before any of it is sent", async ({ team }) => {
  const pages = [
    "/",
    "/sign-in",
    "/teams",
    "/unsubscribe",
    "/reference",
    "/no/such/page",
    ...teamPages(team.slug),
  ]
  const paths = [...ROUTES, ...AUTH.map((step) => `/api/auth/${step}`), ...pages]
  expect(paths.length).toBeGreaterThan(25)
  for (const path of paths)
    for (const type of [
      "application/json",
      "multipart/form-data; boundary=x",
      "application/x-www-form-urlencoded",
    ]) {
      const socket = openRequest("POST", path, { "content-type": type, "content-length": String(100 * MB) })
      const status = await statusOf(socket)
      socket.destroy()
      expect(path.startsWith("/api/") ? [401, 404, 405, 413, 415] : [413], path).toContain(status)
    }
})

test("next-auth’s routes answer while a body of any length is still on its way", async () => {
  for (const step of AUTH) {
    const socket = openRequest("POST", `/api/auth/${step}`, {
      "content-type": "application/json",
      "transfer-encoding": "chunked",
    })
    const status = statusOf(socket)
    socket.write(`${MB.toString(16)}\r\n${"[".padEnd(MB, "0,")}\r\n`)
    expect(await status, step).toBe(405)
    socket.destroy()
  }
})

test("next-auth’s other addresses don’t exist, and prolong nothing", async ({ page, db, team, signInAs }) => {
  await signInAs(team.owner)
  const where = { userId: team.owner.userId }
  const yesterday = new Date(Date.now() - 86_400_000)
  await db.session.updateMany({ where, data: { createdAt: yesterday, lastUsedAt: yesterday } })
  const before = await db.session.findMany({ where })
  for (const step of ["session", "csrf", "providers", "signout", "_log", "verify-request"]) {
    const answer = await page.request.get(`/api/auth/${step}`)
    expect([answer.status(), answer.headers()["set-cookie"] ?? ""], step).toEqual([404, ""])
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect((await page.request.fetch(`/api/auth/${step}`, { method })).status(), step).toBe(405)
  }
  expect(await db.session.findMany({ where })).toEqual(before)
})

test("an action’s body without a length is refused above the limit as well", async ({
  billingPath,
  db,
  team,
}) => {
  const action = await requireServerAction("markRead")
  const session = await startTestSession(db, team.owner.userId)
  const socket = openRequest("POST", billingPath, {
    "next-action": action.id,
    "content-type": "text/plain;charset=UTF-8",
    "transfer-encoding": "chunked",
    origin: required("E2E_APP_URL"),
    cookie: `${SESSION_COOKIE}=${session}`,
  })
  const status = statusOf(socket)
  for (let sent = 0; sent < 3; sent++) socket.write(`${MB.toString(16)}\r\n${"x".repeat(MB)}\r\n`)
  socket.write("0\r\n\r\n")
  expect(await status).toBe(413)
  socket.destroy()
})

test("sixty bodies that come a byte a second end in time, whoever reads them", async ({
  billingPath,
  page,
}) => {
  const action = await requireServerAction("sendSignInLink")
  const slow = {
    "content-length": "1000",
    "content-type": "text/plain;charset=UTF-8",
    origin: required("E2E_APP_URL"),
  }
  const sockets = [
    ...Array.from({ length: 60 }, () =>
      openRequest("POST", "/sign-in", { ...slow, "next-action": action.id }),
    ),
    openRequest("POST", billingPath, { ...slow, "content-type": "multipart/form-data; boundary=x" }),
    openRequest("POST", billingPath, { "transfer-encoding": "chunked" }),
    ...["/api/webhooks/stripe", "/api/unsubscribe", "/api/auth/_log", "/api/v1/usage", "/api/health"].map(
      (path) => openRequest("POST", path, slow),
    ),
  ]
  const dripping = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("1")
  }, 1_000)
  try {
    const ends = Promise.all(sockets.map(closed))
    expect((await page.request.get("/api/health")).status()).toBe(200)
    await ends
  } finally {
    clearInterval(dripping)
  }
})
