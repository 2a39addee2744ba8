import { expect, test } from "vitest"
import { readJsonObject } from "./read-json"

function request(body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/api/v1/usage", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
    // Streamed bodies need it, and the type lacks it.
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  })
}

test.each<[string, Record<string, string>]>([
  ["without", {}],
  ["with", { "content-length": "33" }],
])("a body that doesn’t end is not waited for, %s a declared length", async (_, headers) => {
  const reading = readJsonObject(request(new ReadableStream(), headers), 20)
  await expect(reading).rejects.toMatchObject({ code: "invalid_input" })
})

test("a body that breaks off is the sender’s fault", async () => {
  const broken = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("{"))
        controller.error(new Error("The connection is gone"))
      },
    })
  await expect(readJsonObject(request(broken()))).rejects.toMatchObject({ status: 400 })
  await expect(readJsonObject(request(broken(), { "content-length": "9" }))).rejects.toMatchObject({
    status: 400,
  })
})

test("reading stops at the limit, however much is to come", async () => {
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536
      controller.enqueue(new Uint8Array(65_536).fill(0x20))
    },
  })
  await expect(readJsonObject(request(endless))).rejects.toMatchObject({ code: "payload_too_large" })
  expect(sent).toBeLessThan(2_000_000)
})
