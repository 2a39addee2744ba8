import type { ServerResponse } from "node:http"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { answering, startReceiver } from "@/dev/testing/servers/receiver"
import { until } from "@/stand-in/testing"
import { Dialer } from "./dial"

let canary: Awaited<ReturnType<typeof startReceiver>>
const dialers: Dialer[] = []
beforeEach(async () => {
  canary = await startReceiver()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await canary.stop()
  for (const dialer of dialers.splice(0)) await dialer.close()
})

const LOCAL = { loopback: true }
function dialer(...args: ConstructorParameters<typeof Dialer>): Dialer {
  const one = new Dialer(...args)
  dialers.push(one)
  return one
}
const post = (one: Dialer, url = canary.url) => one.post(url, { "content-type": "application/json" }, "{}")

test("posts, and gives status and the beginning of the answer", async () => {
  canary.answerWith(answering(202, { "retry-after": "7" }, "thanks"))
  expect(await post(dialer(LOCAL))).toEqual({
    kind: "answered",
    status: 202,
    body: "thanks",
    retryAfter: "7",
  })
})

test("keeps nobody waiting for another’s answer from the same host", async () => {
  const held: ServerResponse[] = []
  canary.answerWith((response, { path }) => (path === "/quick" ? response.end() : held.push(response)))
  const one = dialer(LOCAL)
  const slow = Array.from({ length: 20 }, () => post(one))
  await until(
    () => held.length,
    (count) => count === 20,
  )
  expect(await post(one, canary.url.replace("/webhooks", "/quick"))).toMatchObject({ status: 200 })
  for (const response of held) response.end()
  await Promise.all(slow)
})

test("finds this machine by its name, where it may be sent to", async () => {
  expect(await post(dialer(LOCAL), canary.url.replace("127.0.0.1", "localhost"))).toMatchObject({
    kind: "answered",
    status: 200,
  })
})

test("refuses a name that leads to this machine when it is dialled, whatever it led to when it was saved", async () => {
  const asked: string[] = []
  const resolve = async (hostname: string) => {
    asked.push(hostname)
    return ["127.0.0.1"]
  }
  const answer = await post(dialer({ loopback: false }, resolve), "https://rebound.example:8443/")
  expect(answer).toMatchObject({
    kind: "unreachable",
    error: expect.stringContaining("isn’t reachable from the internet"),
  })
  expect(asked).toEqual(["rebound.example"])
  expect(canary.received).toEqual([])
})

test("refuses a name of which only one address is private", async () => {
  const answer = await post(
    dialer({ loopback: false }, async () => ["8.8.8.8", "10.0.0.1"]),
    "https://mixed.example/",
  )
  expect(answer).toMatchObject({ error: expect.stringContaining("isn’t reachable from the internet") })
})

test("refuses an address without a name, which is never looked up", async () => {
  const answer = await post(dialer({ loopback: false }), canary.url)
  expect(answer).toMatchObject({ kind: "unreachable" })
  expect(canary.received).toEqual([])
})

test("doesn't follow a redirect", async () => {
  const first = await startReceiver(answering(302, { location: canary.url }))
  expect(await post(dialer(LOCAL), first.url)).toMatchObject({ kind: "answered", status: 302 })
  expect(canary.received).toEqual([])
  await first.stop()
})

test("asks no proxy, whatever the environment says", async () => {
  const receiver = await startReceiver()
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"])
    vi.stubEnv(name, canary.url)
  expect(await post(dialer(LOCAL), receiver.url)).toMatchObject({ status: 200 })
  expect(canary.received).toEqual([])
  await receiver.stop()
})

test("leaves an answer that doesn't come, that never ends, or that is said in drops", async () => {
  const quick = () => dialer(LOCAL, undefined, 300)
  canary.answerWith(() => undefined)
  expect(await post(quick())).toEqual({ kind: "unreachable", error: "There was no answer in time." })
  canary.answerWith((response) => {
    response.writeHead(200)
    response.write("x")
    const drops = setInterval(() => response.write("x"), 50)
    response.on("close", () => clearInterval(drops))
  })
  expect(await post(quick())).toEqual({ kind: "unreachable", error: "There was no answer in time." })
})

test("reads the beginning of an answer of any size", async () => {
  let written = 0
  canary.answerWith((response) => {
    response.writeHead(200)
    const chunk = Buffer.alloc(64_000, "x")
    const more = () => {
      while (!response.destroyed && written < 500_000_000) {
        written += chunk.length
        if (!response.write(chunk)) return void response.once("drain", more)
      }
      response.end()
    }
    more()
  })
  const answer = await post(dialer(LOCAL))
  expect(answer).toMatchObject({ kind: "answered", status: 200, body: "x".repeat(2_000) })
  expect(written).toBeLessThan(50_000_000)
})

test("says in words what went wrong", async () => {
  const { url } = await startReceiver().then(async (gone) => {
    await gone.stop()
    return gone
  })
  expect(await post(dialer(LOCAL), url)).toEqual({
    kind: "unreachable",
    error: "The connection was refused.",
  })
  canary.answerWith((response) => response.destroy())
  expect(await post(dialer(LOCAL))).toEqual({ kind: "unreachable", error: "The connection was closed." })
  const tls = canary.url.replace("http:", "https:")
  expect(await post(dialer(LOCAL), tls)).toMatchObject({ kind: "unreachable" })
})
