import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, test } from "vitest"
import { noteActionBegun } from "./action-run"
import { guardRequests } from "./guard-requests"
import { guardServer } from "./guard-servers"

async function serving<T>(listener: RequestListener, ask: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  guardServer(server, guardRequests(appUrl))
  try {
    return await ask(appUrl)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const fails: RequestListener = async (request, response) => {
  for await (const _ of request) await null
  response.statusCode = 500
  response.end("Internal Server Error")
}
const post = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body: "x", headers: { origin: new URL(url).origin, ...headers } })

test("refuses what is malformed before anybody hears of it, and passes on the rest", async () => {
  const heard: (string | undefined)[] = []
  const listener: RequestListener = (request, response) => {
    heard.push(request.url)
    response.end("heard")
  }
  await serving(listener, async (url) => {
    const refused = await fetch(`${url}/%ff`)
    expect([refused.status, await refused.text()]).toEqual([400, "The address is malformed.\n"])
    expect(refused.headers.get("content-type")).toBe("text/plain; charset=utf-8")
    expect(refused.headers.get("x-content-type-options")).toBe("nosniff")
    const other = await fetch(`${url}/teams`, { method: "DELETE" })
    expect([other.status, other.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"])
    expect(await (await fetch(`${url}/teams`)).text()).toBe("heard")
  })
  expect(heard).toEqual(["/teams"])
})

test("an action that couldn’t be read is the sender’s fault", async () => {
  await serving(fails, async (url) => {
    expect((await post(`${url}/teams`, { "next-action": "00" })).status).toBe(400)
    const form = { "content-type": "multipart/form-data; boundary=x" }
    expect((await post(`${url}/teams`, form)).status).toBe(400)
  })
})

test("a failure after an action has begun, or of anything but an action, is our fault", async () => {
  const begins: RequestListener = async (request, response) => {
    for await (const _ of request) await null
    noteActionBegun()
    await fails(request, response)
  }
  await serving(begins, async (url) => {
    expect((await post(`${url}/teams`, { "next-action": "00" })).status).toBe(500)
  })
  await serving(fails, async (url) => {
    expect((await post(`${url}/api/webhooks/stripe`)).status).toBe(500)
    expect((await fetch(`${url}/teams`)).status).toBe(500)
  })
})
