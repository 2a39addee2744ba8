import type { LookupFunction } from "node:net"
import { Agent, request } from "undici"
import { SECOND_MS } from "@/lib/clock"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import { type Allowed, checkUrl, mayDial } from "./address"
import { type Resolve, resolveName } from "./resolve"

export const TIMEOUT_MS = 15 * SECOND_MS
/** How much of an answer is kept. The rest isn't read. */
const MAX_ANSWER_BYTES = 2_000

export type Answer =
  | { kind: "answered"; status: number; body: string; retryAfter: string | null }
  | { kind: "unreachable"; error: string }

/** The name leads nowhere, or not to the internet. The error doesn't say which. */
class NotPublicError extends Error {}

/**
 * Posts to customers' receivers. The name is resolved when the connection is made, and that address is used, so a
 * name that has come to lead elsewhere is refused. Redirects aren't followed, no proxy is used, and an answer that
 * takes too long or never ends is abandoned.
 */
export class Dialer {
  private readonly agent: Agent

  constructor(
    private readonly allowed: Allowed,
    resolve: Resolve = resolveName,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    this.agent = new Agent({
      // A connection for each request: several teams may send to one host, and none waits for another's answer there.
      // The teams' turns bound their number.
      connections: null,
      pipelining: 1,
      connect: { lookup: guarded(resolve, allowed), timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: 16_384,
    })
  }

  async post(address: string, headers: Record<string, string>, body: string): Promise<Answer> {
    // An address without a name is never looked up.
    const checked = checkUrl(address, this.allowed)
    if (!checked.ok) return { kind: "unreachable", error: checked.message }
    const timeUp = AbortSignal.timeout(this.timeoutMs)
    try {
      const answer = await request(checked.url, {
        method: "POST",
        headers,
        body,
        dispatcher: this.agent,
        signal: timeUp,
      })
      const text = await readStart(answer.body)
      const retryAfter = answer.headers["retry-after"]
      return {
        kind: "answered",
        status: answer.statusCode,
        body: text,
        retryAfter: typeof retryAfter === "string" ? retryAfter : null,
      }
    } catch (error) {
      return { kind: "unreachable", error: inWords(error, timeUp) }
    }
  }

  close(): Promise<void> {
    return this.agent.destroy()
  }
}

function guarded(resolve: Resolve, allowed: Allowed): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined || !addresses.every((address) => mayDial(address, allowed)))
          return callback(new NotPublicError(hostname), "", 0)
        const all = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))
        if (options.all) callback(null, all)
        else callback(null, first, first.includes(":") ? 6 : 4)
      },
      () => callback(new NotPublicError(hostname), "", 0),
    )
  }
}

async function readStart(body: AsyncIterable<Buffer> & { destroy: () => unknown }): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop closes the connection.
    if (size >= MAX_ANSWER_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString("utf8").replaceAll("\u0000", "")
}

const CODES: Record<string, string> = {
  ECONNREFUSED: "The connection was refused.",
  ECONNRESET: "The connection was closed.",
  UND_ERR_SOCKET: "The connection was closed.",
  UND_ERR_HEADERS_OVERFLOW: "The answer’s headers are too large.",
}

function inWords(error: unknown, timeUp: AbortSignal): string {
  const { code, cause } = Object(error) as { code?: string; cause?: unknown }
  if (error instanceof NotPublicError || cause instanceof NotPublicError)
    return "The host isn’t reachable from the internet."
  if (timeUp.aborted || /TIMEOUT/.test(code ?? "")) return "There was no answer in time."
  if (code && Object.hasOwn(CODES, code)) return CODES[code] ?? ""
  if (/CERT|TLS|SSL|ALTNAME|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code ?? ""))
    return "The certificate isn’t valid."
  return "The connection failed."
}

export function allowedByEnv(): Allowed {
  return { loopback: env().WEBHOOK_LOOPBACK }
}

/** This process's dialer. */
export function dialer(): Dialer {
  return perProcess("dialer", () => new Dialer(allowedByEnv()))
}
