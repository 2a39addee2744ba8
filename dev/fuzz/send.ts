import { type Agent, request as httpRequest, type IncomingMessage } from "node:http"

export type FuzzRequest = {
  /** The subject, for the finding. */
  kind: string
  method: string
  path: string
  headers: Record<string, string>
  body?: string
}

export type FuzzAnswer = { status: number; text: string; ms: number }

/** A redirect repeats a long address. */
const MAX_HEADERS = 128 * 1024

/** Sends a request unchanged and reads the answer to its end. A stream without one is abandoned. */
export function send(
  { hostname, port }: URL,
  { method, path, headers, body }: FuzzRequest,
  agent: Agent,
  timeoutMs: number,
): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const sent = Buffer.from(body ?? "")
    const answered = (response: IncomingMessage) => {
      const answer = (text: string) =>
        resolve({ status: response.statusCode ?? 0, text, ms: performance.now() - began })
      if (response.headers["content-type"]?.startsWith("text/event-stream")) {
        answer("")
        return outgoing.destroy()
      }
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () => answer(Buffer.concat(chunks).toString()))
      response.on("error", reject)
    }
    const length = body === undefined ? {} : { "content-length": String(sent.byteLength) }
    const outgoing = httpRequest(
      { hostname, port, method, path, agent, headers: { ...headers, ...length }, maxHeaderSize: MAX_HEADERS },
      answered,
    )
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`No answer within ${timeoutMs} ms`)))
    outgoing.on("error", reject)
    outgoing.end(body === undefined ? undefined : sent)
  })
}
