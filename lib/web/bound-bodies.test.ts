import { createServer, type Server } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { text } from "node:stream/consumers"
import { afterEach, expect, test } from "vitest"
import { boundBodies } from "./bound-bodies"
import { guardServer } from "./guard-servers"

const APP_URL = "https://credits.example"

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Starts a server that answers with the body's length once it has all of it. */
async function startServer(bounds: { bodyMs: number; maxPageBytes: number }, answersAtOnce = false) {
  const handed: string[] = []
  const server: Server = createServer(async (request, response) => {
    handed.push(request.url ?? "")
    if (answersAtOnce) response.writeHead(200).write("at once\n")
    const body = await text(request).catch(() => null)
    if (body !== null) response.end(`${body.length} bytes\n`)
  })
  guardServer(server, boundBodies(APP_URL, bounds))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, handed }
}

function open(port: number, head: string): Socket {
  const socket = connect(port, "127.0.0.1")
  closers.push(() => socket.destroy())
  socket.on("error", () => undefined)
  socket.write(`${head.trim().replaceAll("\n", "\r\n")}\r\nhost: x\r\n\r\n`)
  return socket
}

/** Collects what a socket receives until the server closes it. */
const received = (socket: Socket) => text(socket)

const LONG_MS = 60_000
const HSTS = "strict-transport-security: max-age=63072000; includeSubDomains\r\n"

test("a page's body that says it is too large is refused before any of it is sent, and nobody gets the request", async () => {
  const { port, handed } = await startServer({ bodyMs: LONG_MS, maxPageBytes: 100 })
  const answer = await received(open(port, "POST /northwind HTTP/1.1\ncontent-length: 101"))
  expect(answer).toMatch(/^HTTP\/1\.1 413 .*connection: close/is)
  expect(answer).toContain(HSTS)
  expect(answer).toMatch(/\r\n\r\nThis request is too large\.\n$/)
  expect(handed).toEqual([])
})

test("a page's body that doesn’t say how long it is is refused as soon as it is too long", async () => {
  const { port } = await startServer({ bodyMs: LONG_MS, maxPageBytes: 100 })
  const socket = open(port, "POST /northwind HTTP/1.1\ntransfer-encoding: chunked")
  socket.write(`64\r\n${"x".repeat(100)}\r\n1\r\nx\r\n`)
  expect(await received(socket)).toMatch(/^HTTP\/1\.1 413 /)
})

test.each([
  ["with a length", "content-length: 1000000", ""],
  ["in chunks", "transfer-encoding: chunked", "f4240\r\n"],
])(
  "whoever is still sending a body %s that is too large can read why afterwards",
  async (_, header, before) => {
    const { port } = await startServer({ bodyMs: LONG_MS, maxPageBytes: 100 })
    const socket = open(port, `POST /northwind HTTP/1.1\n${header}`).pause()
    socket.write(`${before}${"x".repeat(1_000)}`)
    for (let sent = 0; sent < 5; sent++) {
      await new Promise((resume) => setTimeout(resume, 10))
      socket.write("x".repeat(1_000))
    }
    expect(await received(socket)).toMatch(/^HTTP\/1\.1 413 .*connection: close/is)
  },
)

test("a request behind one that is too large isn't taken", async () => {
  const { port, handed } = await startServer({ bodyMs: LONG_MS, maxPageBytes: 100 })
  const socket = open(port, "POST /northwind HTTP/1.1\ntransfer-encoding: chunked")
  socket.write(`65\r\n${"x".repeat(101)}\r\n0\r\n\r\nPOST /second HTTP/1.1\r\nhost: x\r\n\r\n`)
  expect(await received(socket)).toMatch(/^HTTP\/1\.1 413 /)
  expect(handed).toEqual(["/northwind"])
})

test("a body of exactly the limit passes, and one of a route is the route's to refuse", async () => {
  const { port } = await startServer({ bodyMs: LONG_MS, maxPageBytes: 100 })
  for (const [path, length] of [
    ["/northwind", 100],
    ["/api/v1/usage", 1_000],
  ] as const) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      body: "x".repeat(length),
    })
    expect([answer.status, await answer.text()]).toEqual([200, `${length} bytes\n`])
  }
})

test.each([
  ["with a length", "content-length: 50", "x"],
  ["in chunks", "transfer-encoding: chunked", "1\r\nx\r\n"],
])("a body %s that comes byte by byte ends with the time for all of it", async (_, header, piece) => {
  const { port, handed } = await startServer({ bodyMs: 100, maxPageBytes: 100 })
  const socket = open(port, `POST /api/v1/usage HTTP/1.1\n${header}`)
  const dripping = setInterval(() => socket.write(piece), 10)
  const answer = await received(socket)
  clearInterval(dripping)
  expect(answer).toMatch(/^HTTP\/1\.1 408 .*connection: close/is)
  expect(answer).toContain(HSTS)
  expect(handed).toEqual(["/api/v1/usage"])
})

test("a body that nobody waits for any more isn’t received for longer either", async () => {
  const { port } = await startServer({ bodyMs: 100, maxPageBytes: 100 }, true)
  const answer = await received(open(port, "POST /api/v1/usage HTTP/1.1\ncontent-length: 50"))
  // An answer that has begun is cut off, and nothing is written into it.
  expect(answer).toContain("at once")
  expect(answer).not.toContain("408")
})

test("a request without a body, or with all of it sent, may take as long as it likes", async () => {
  const bounds = { bodyMs: 20, maxPageBytes: 100 }
  const server = createServer(async (request, response) => {
    for await (const _ of request) await null
    await new Promise((resume) => setTimeout(resume, 5 * bounds.bodyMs))
    response.end("done")
  })
  guardServer(server, boundBodies(APP_URL, bounds))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closers.push(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/x`
  for (const init of [{}, { method: "POST", body: "all of it" }])
    expect(await (await fetch(url, init)).text()).toBe("done")
})
