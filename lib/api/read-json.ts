import { SECOND_MS } from "@/lib/clock"
import { InvalidInputError } from "@/lib/errors"
import { readBody } from "@/lib/web/read-body"
import { within } from "@/lib/within"
import { PayloadTooLargeError, UnsupportedMediaTypeError } from "./errors"
import { refuseExcess } from "./refuse-excess"

const MAX_BYTES = 1024 * 1024
const TIMEOUT_MS = 10 * SECOND_MS
const UTF8 = new TextDecoder("utf-8", { fatal: true })
const JSON_IN_UTF8 = /^application\/json *(; *charset="?utf-8"? *)?$/i

export type JsonObject = Record<string, unknown>

/** Reads the one JSON object in the request's body, within a size and a time, and within what any endpoint takes. */
export async function readJsonObject(request: Request, timeoutMs = TIMEOUT_MS): Promise<JsonObject> {
  const { headers } = request
  if (!JSON_IN_UTF8.test(headers.get("content-type") ?? "") || headers.has("content-encoding"))
    throw new UnsupportedMediaTypeError()
  return parseObject(await readText(request, timeoutMs))
}

async function readText(request: Request, timeoutMs: number): Promise<string> {
  const bytes = await readBytes(request, timeoutMs)
  if (bytes.byteLength > MAX_BYTES) throw new PayloadTooLargeError()
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new InvalidInputError("The body is not UTF-8.")
  }
}

async function readBytes(request: Request, timeoutMs: number): Promise<ArrayBuffer | Buffer> {
  const length = request.headers.get("content-length")
  // HTTP ends the body at its declared length, so it is read in one go. Without a length, bytes are counted as they
  // come.
  if (length !== null && Number(length) <= MAX_BYTES) return readInTime(request, timeoutMs)
  const read = await readBody(request, MAX_BYTES, timeoutMs).catch(() => null)
  if (read?.ok) return read.body
  throw read?.status === 413 ? new PayloadTooLargeError() : cutShort()
}

function readInTime(request: Request, timeoutMs: number): Promise<ArrayBuffer> {
  return within(timeoutMs, request.arrayBuffer()).catch(() => {
    throw cutShort()
  })
}

function cutShort(): InvalidInputError {
  return new InvalidInputError("The body did not arrive in full within 10 seconds.")
}

function parseObject(text: string): JsonObject {
  refuseExcess(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new InvalidInputError("The body is not valid JSON.")
  }
  if (!isObject(value)) throw new InvalidInputError("The body must be one JSON object.")
  return value
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
