import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { afterEach, expect, test, vi } from "vitest"
import { startInEnvironment } from "@/dev/testing/environment"
import { fileResponse } from "./file-response"

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const FILE = { name: "x", format: "csv", what: "nothing", teamId: "t" } as const

test("a file that breaks off has no end on the wire, so that no client takes it for whole", async () => {
  startInEnvironment()
  const onEnd = vi.fn()
  async function* parts() {
    yield "one\r\n"
    throw new Error("The reader may no longer have this table")
  }
  const server = createServer((_, answer) => {
    const { body, headers } = fileResponse(parts(), { ...FILE, onEnd })
    answer.writeHead(200, Object.fromEntries(headers))
    // As Next does it.
    if (body) pipeline(Readable.fromWeb(body as never), answer).catch(() => answer.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closers.push(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow("terminated")
  expect(onEnd).toHaveBeenCalledTimes(1)
})

test("nothing is read ahead of a slow browser, and nothing more once it leaves", async () => {
  const onEnd = vi.fn()
  let [made, hasReturned] = [0, false]
  async function* parts() {
    try {
      for (;;) yield `${made++}\r\n`
    } finally {
      hasReturned = true
    }
  }
  const reader = fileResponse(parts(), { ...FILE, onEnd }).body?.getReader()
  await reader?.read()
  await reader?.read()
  expect(made).toBeLessThanOrEqual(3)
  await reader?.cancel()
  expect([hasReturned, onEnd.mock.calls.length]).toEqual([true, 1])
})
