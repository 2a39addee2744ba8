import { request } from "node:http"
import { connect } from "node:net"
import { text } from "node:stream/consumers"
import { beforeAll, expect, test, vi } from "vitest"
import { ROOT } from "@/dev/stack/build"
import { freePort } from "@/dev/stack/ports"
import { startNode, waitUntilReady } from "@/dev/stack/processes"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { testEnvironment } from "@/dev/testing/environment"
import { usd } from "@/dev/testing/ledger"
import { testApi } from "@/dev/testing/metering-api"
import { balanceOf, giveCredits } from "@/dev/testing/pools"
import { connect as connectSql, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { eventBody, sign } from "@/dev/testing/webhooks"
import { apiLimits } from "./rate-limit"
import { startApi } from "./serve"

const world = testApi()
let team: TestTeam
let key: string

beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  key = (await createTestApiKey(world.db, team)).apiKey
  await giveCredits(world.db, team, team.owner, usd(50))
})

function startProcess(env: Record<string, string | undefined>) {
  return startNode({
    name: "api",
    // Without the runner's own process, which would answer for how this one ends.
    args: ["--import", "tsx", "lib/api/serve.ts"],
    cwd: ROOT,
    env: { ...testEnvironment({ DATABASE_URL: world.databaseUrl }), NODE_ENV: "production", ...env },
  })
}

function spend(port: number, idempotencyKey: string) {
  return fetch(`http://127.0.0.1:${port}/api/v1/usage`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": idempotencyKey,
    },
    body: '{"consumable":"sms","quantity":1}',
  })
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy()
      resolve(true)
    })
    socket.on("error", () => resolve(false))
  })
}

test("over HTTP: a spend, a body in pieces, one that is too long, and an address that isn’t", async () => {
  const { port, stop } = await startApi({ port: 0, hostname: "127.0.0.1" })
  try {
    const answer = await spend(port, "over-http")
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ cost: "0.012", replayed: false })

    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": "pieces",
    }
    const sendChunks = (...chunks: string[]) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(
          { port, host: "127.0.0.1", method: "POST", path: "/api/v1/usage", headers },
          (response) => {
            response.resume()
            resolve(response.statusCode)
          },
        )
        sent.on("error", reject)
        for (const chunk of chunks) sent.write(chunk)
        sent.end()
      })
    expect(await sendChunks('{"consumable":', '"sms","quantity":1}')).toBe(200)
    expect(await sendChunks('{"consumable":"sms","quantity":1}', " ".repeat(1_000_000))).toBe(200)
    expect(await sendChunks('{"consumable":"sms","quantity":1}', " ".repeat(1_048_576))).toBe(413)

    const unknown = await fetch(`http://127.0.0.1:${port}/elsewhere`)
    expect([unknown.status, unknown.headers.get("content-type")]).toEqual([404, "application/problem+json"])
    expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200)
  } finally {
    await stop()
  }
})

test("it takes Stripe’s webhooks as the app does: kept if Stripe signed them, refused if not", async () => {
  const { port, stop } = await startApi({ port: 0, hostname: "127.0.0.1" })
  try {
    const url = `http://127.0.0.1:${port}/api/webhooks/stripe`
    const body = eventBody({ id: "evt_over_the_api" })
    const post = (signature: string) =>
      fetch(url, { method: "POST", body, headers: { "stripe-signature": signature } })
    expect((await post("t=1,v1=00")).status).toBe(400)
    expect(await world.db.stripeEvent.count()).toBe(0)
    expect((await post(sign(body))).status).toBe(200)
    expect(await world.db.stripeEvent.findMany({ select: { id: true } })).toEqual([
      { id: "evt_over_the_api" },
    ])
    expect((await fetch(url)).status).toBe(404)
  } finally {
    await stop()
  }
})

test("a request that passed no proxy is counted by the address of its connection", async () => {
  const { port, stop } = await startApi({ port: 0, hostname: "127.0.0.1" })
  const counted = vi.spyOn(apiLimits().addresses, "take")
  const from = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/api/v1/balance`, { headers })
  try {
    await from({})
    await from({ "x-forwarded-for": "203.0.113.7" })
    expect(counted.mock.calls.map(([address]) => address)).toEqual(["127.0.0.1", "203.0.113.7"])
  } finally {
    counted.mockRestore()
    await stop()
  }
})

test("odd methods and broken escapes are nobody’s fault but the sender’s", async () => {
  const { port, stop } = await startApi({ port: 0, hostname: "127.0.0.1" })
  const ask = (method: string, path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request({ port, host: "127.0.0.1", method, path }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on("error", reject)
      sent.end()
    })
  try {
    for (const method of ["TRACE", "PROPFIND", "PURGE", "SEARCH"])
      expect(await ask(method, "/api/v1/usage"), method).toBe(405)
    for (const path of ["/%ff", "/%", "/api/v1/holds/%ff", "/api/v1/holds/%00", "//", "/api/v1/usage?%ff=%"])
      expect([400, 401, 404, 405], path).toContain(await ask("GET", path))
  } finally {
    await stop()
  }
})

test.each([
  ["with a length", "content-length: 1000", "x"],
  ["in chunks", "transfer-encoding: chunked", "1\r\nx\r\n"],
])("a body %s that comes byte by byte ends with the time for all of it", async (_, header, piece) => {
  const bounds = { bodyMs: 100, maxPageBytes: 100 }
  const { port, stop } = await startApi({ port: 0, hostname: "127.0.0.1", bounds })
  const socket = connect(port, "127.0.0.1")
  socket.on("error", () => undefined)
  const headers = ["host: x", `authorization: Bearer ${key}`, "content-type: application/json", header]
  socket.write(`POST /api/v1/usage HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`)
  const dripping = setInterval(() => socket.write(piece), 10)
  try {
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
  } finally {
    clearInterval(dripping)
    socket.destroy()
    await stop()
  }
})

test("a request that isn’t HTTP is refused, and the next is served", async () => {
  const { port, stop } = await startApi({ port: 0, hostname: "127.0.0.1" })
  try {
    const raw = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("NONSENSE\r\n\r\n"))
      let received = ""
      socket.on("data", (data) => {
        received += data
      })
      socket.on("close", () => resolve(received))
    })
    expect(raw).toMatch(/^HTTP\/1.1 400/)
    expect((await spend(port, "after-nonsense")).status).toBe(200)
  } finally {
    await stop()
  }
})

test("stopped in the middle of a spend, it answers that, takes no other, and ends", async () => {
  const port = await freePort()
  const running = startProcess({ API_PORT: String(port) })
  await waitUntilReady(`http://127.0.0.1:${port}/api/health`, running)
  const before = await balanceOf(world.db, team, team.owner)
  const holder = await connectSql(world)
  try {
    await holder.query("BEGIN")
    await holder.query("SELECT 1 FROM pools WHERE team_id = $1 FOR UPDATE", [team.id])
    const inFlight = spend(port, "in-flight")
    await untilWaiting(holder)
    const stopped = running.stop()
    await expect.poll(() => isListening(port), { timeout: 5_000 }).toBe(false)
    await holder.query("COMMIT")
    expect((await inFlight).status).toBe(200)
    await stopped
    expect(await running.ended).toBe(0)
    expect(await balanceOf(world.db, team, team.owner)).toBe(before - 12_000_000n)
  } finally {
    await holder.end()
    await running.stop("SIGKILL")
  }
})

test("a wrong setting stops the start with one line", async () => {
  const running = startProcess({ API_PORT: "70000" })
  expect(await running.ended).toBe(1)
  expect(running.lastLines()).toEqual(["API_PORT must be a port from 1 to 65535"])
})
