import { expect, test } from "vitest"
import { readBody } from "./read-body"

const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request("http://localhost/", {
    method: "POST",
    body,
    headers,
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  })

test("gives the bytes as they were sent", async () => {
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0, 0xff, 0x0a])
  expect(await readBody(post(bytes), 6)).toEqual({ ok: true, body: bytes })
  expect(await readBody(post(null), 6)).toEqual({ ok: true, body: Buffer.alloc(0) })
})

test("refuses one byte more than allowed, and takes exactly as many", async () => {
  expect(await readBody(post("12345"), 5)).toMatchObject({ ok: true })
  expect(await readBody(post("123456"), 5)).toEqual({ ok: false, status: 413 })
})

test("stops reading a body that comes too slowly, and lets go of it", async () => {
  let isCancelled = false
  const slow = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel() {
      isCancelled = true
    },
  })
  expect(await readBody(post(slow), 100, 30)).toEqual({ ok: false, status: 408 })
  expect(isCancelled).toBe(true)
})

test("gives a body that drips no more time than one that hangs", async () => {
  const dripping = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      controller.enqueue(new Uint8Array(1))
    },
  })
  expect(await readBody(post(dripping), 1_000_000, 60)).toEqual({ ok: false, status: 408 })
})

test("refuses what is compressed", async () => {
  expect(await readBody(post("x", { "content-encoding": "gzip" }), 100)).toEqual({ ok: false, status: 415 })
})
