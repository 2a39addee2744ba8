import { gzipSync } from "node:zlib"
import { afterEach, describe, expect, test } from "vitest"
import { eventBody, sign, webhookRequest } from "@/dev/testing/webhooks"
import { testDatabase } from "@/dev/testing/world"
import { handleStripeWebhook } from "./stripe-webhook"

const world = testDatabase()
afterEach(async () => {
  expect(await world.db.stripeEvent.count()).toBe(0)
})

const body = eventBody()
const now = () => Math.floor(Date.now() / 1000)
const digest = (payload = body) => sign(payload).split("v1=")[1] ?? ""

async function send(given: BodyInit, signature: string | null, headers?: Record<string, string>) {
  return (await handleStripeWebhook(webhookRequest(given, signature, headers))).status
}

describe("a forged signature is refused and leaves no row", () => {
  test.each([
    ["none", null],
    ["empty", ""],
    ["blank", " "],
    ["words", "let me in"],
    ["another secret", sign(body, { secret: "whsec_somebody_elses_secret" })],
    ["the secret without its prefix", sign(body, { secret: "test_secret_of_the_endpoint" })],
    ["an empty secret", sign(body, { secret: " " })],
    ["another body", sign(`${body} `)],
    ["no digest", `t=${now()}`],
    ["an empty digest", `t=${now()},v1=`],
    ["a short digest", `t=${now()},v1=${digest().slice(0, 32)}`],
    ["a digest in capitals", `t=${now()},v1=${digest().toUpperCase()}`],
    ["a digest of zeros", `t=${now()},v1=${"0".repeat(64)}`],
    ["a digest that isn’t hexadecimal", `t=${now()},v1=${"zz".repeat(32)}`],
    ["the old scheme only", sign(body).replace("v1=", "v0=")],
    ["a scheme to come", sign(body).replace("v1=", "v2=")],
    ["no timestamp", `v1=${digest()}`],
    ["only separators", ",,,==,="],
    ["a json object", JSON.stringify({ t: now(), v1: digest() })],
    ["a very long one", `t=${now()},${"v1=00,".repeat(2_000)}v1=0`],
  ])("%s", async (_, signature) => {
    expect(await send(body, signature)).toBe(400)
  })
})

describe("a timestamp is refused", () => {
  test.each([-86_400, -302, 302, 86_400, 86_400 * 365])("%i seconds away", async (secondsOff) => {
    expect(await send(body, sign(body, { secondsOff }))).toBe(400)
  })

  test.each([
    ["not a number", sign(body).replace(/t=\d+/, "t=NaN")],
    ["negative", sign(body).replace(/t=/, "t=-")],
    ["a fraction", sign(body).replace(/t=(\d+)/, "t=$1.0")],
    ["in hexadecimal", sign(body).replace(/t=\d+/, `t=0x${now().toString(16)}`)],
    ["empty", sign(body).replace(/t=\d+/, "t=")],
    ["given twice, the fresh one first", `t=${now()},${sign(body, { secondsOff: -9_000 })}`],
    ["given twice, the signed one in the future", `t=${now()},${sign(body, { secondsOff: 86_400 })}`],
    ["given twice, the fresh one last", `${sign(body, { secondsOff: -9_000 })},t=${now()}`],
  ])("that is %s", async (_, signature) => {
    expect(await send(body, signature)).toBe(400)
  })
})

describe("a body is refused", () => {
  const mebibyte = 1024 * 1024
  const stream = (...chunks: Uint8Array[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })

  test("over a mebibyte, though signed and valid", async () => {
    const big = eventBody({ padding: "x".repeat(mebibyte) })
    expect(await send(big, sign(big))).toBe(413)
  })

  test("over a mebibyte, when valid JSON ends before", async () => {
    const padded = body + " ".repeat(mebibyte)
    expect(await send(padded, sign(padded))).toBe(413)
  })

  test("over a mebibyte without a length, in chunks, before the last is read", async () => {
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    })
    expect(await send(endless, sign(body))).toBe(413)
    expect(pulled).toBeLessThan(20)
  })

  test("with a length that lies, small or large", async () => {
    const big = body + " ".repeat(mebibyte)
    expect(await send(stream(Buffer.from(big)), sign(big), { "content-length": "10" })).toBe(413)
    expect(await send(body, sign(body), { "content-length": "99999999" })).toBe(413)
  })

  test("with bytes after the JSON", async () => {
    const trailing = `${body}{}`
    expect(await send(trailing, sign(trailing))).toBe(400)
    expect(await send(trailing, sign(body))).toBe(400)
  })

  test("that is compressed", async () => {
    const zipped = gzipSync(body)
    expect(await send(zipped, sign(body), { "content-encoding": "gzip" })).toBe(415)
    expect(await send(zipped, sign(body))).toBe(400)
  })

  test("with bytes that the signature doesn’t cover", async () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf])
    expect(await send(Buffer.concat([mark, Buffer.from(body)]), sign(body))).toBe(400)
    expect(await send(Buffer.concat([Buffer.from(body), Buffer.from("\n")]), sign(body))).toBe(400)
    const replacement = eventBody({ note: "\u{fffd}" })
    const invalid = Buffer.from(replacement.replace("\u{fffd}", "\u{1}").replace("\u{1}", "\u{ff}"), "latin1")
    expect(await send(invalid, sign(replacement))).toBe(400)
  })

  test.each([
    ["nothing", ""],
    ["null", "null"],
    ["a number", "123"],
    ["a list", "[]"],
    ["a text", '"evt_1"'],
    ["empty", "{}"],
    ["of other types", '{"id":1,"type":2}'],
    ["cut off", "{"],
    ["a hundred thousand lists deep", "[".repeat(100_000)],
  ])("that is signed and is no event but %s", async (_, given) => {
    expect(await send(given, sign(given))).toBe(400)
  })
})
