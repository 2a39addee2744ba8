import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http"
import type { Socket } from "node:net"
import { SECOND_MS } from "@/lib/clock"
import type { Guard } from "./guard-servers"
import { refusalHeaders } from "./refusal-headers"

export type BodyBounds = {
  /** The time for a whole body. Longer than `readBody` waits, so that a route can explain the problem itself. */
  bodyMs: number
  /** The limit for a page's action, as in next.config.js. Routes under /api/ have their own. */
  maxPageBytes: number
}

const BOUNDS: BodyBounds = { bodyMs: 12 * SECOND_MS, maxPageBytes: 64 * 1024 }
const HEADERS_MS = 10 * SECOND_MS
const LINGER_MS = SECOND_MS

const SENTENCES = { 408: "This request took too long.", 413: "This request is too large." }

/** Limits the size and time of bodies before anything reads them. */
export function boundBodies(appUrl: string, { bodyMs, maxPageBytes }: BodyBounds = BOUNDS): Guard {
  const headers = refusalHeaders(appUrl)
  return (next, server) => {
    server.headersTimeout = HEADERS_MS
    return (request, response) => {
      // Its connection is being closed: the answer before this one said so.
      if (request.socket.writableEnded) return
      const length = Number(request.headers["content-length"] ?? 0)
      const isInChunks = request.headers["transfer-encoding"] !== undefined
      if (length > 0 || isInChunks) {
        const timer = setTimeout(() => {
          if (!request.complete) cutOff(response, 408, headers)
        }, bodyMs)
        request.once("close", () => clearTimeout(timer))
        const isForPage = !request.url?.startsWith("/api/")
        if (isForPage && length > maxPageBytes) {
          request.resume()
          return cutOff(response, 413, headers)
        }
        if (isForPage && isInChunks) countBytes(request, maxPageBytes, () => cutOff(response, 413, headers))
      }
      next(request, response)
    }
  }
}

/**
 * Hooks in where Node hands over what it received. Listening to the stream would take the data from its reader, who
 * gets nothing beyond the limit.
 */
function countBytes(request: IncomingMessage, maxBytes: number, onMore: () => void): void {
  const push = request.push.bind(request)
  let bytes = 0
  request.push = (chunk: Buffer | null, encoding) => {
    bytes += chunk?.length ?? 0
    if (bytes <= maxBytes) return push(chunk, encoding)
    onMore()
    return true
  }
}

/** Answers and ends the connection, as Node does beyond its own limits. A reader of the body finds it closed. */
function cutOff(response: ServerResponse, status: 408 | 413, headers: Record<string, string>): void {
  const { socket } = response.req
  if (socket.destroyed || socket.writableEnded) return
  // Not into another answer: one that has begun, or an earlier one in a pipeline.
  if (response.socket && !response.headersSent) {
    const text = `${SENTENCES[status]}\n`
    const lines = Object.entries({ ...headers, connection: "close", "content-length": String(text.length) })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${text}`)
  }
  closeInStages(socket)
}

/**
 * Ends our side and throws away what still comes, until the sender ends as well or a moment has passed. A connection
 * closed at once is reset under a sender who is still writing, and the answer is lost with it (RFC 9112, 9.6).
 */
function closeInStages(socket: Socket): void {
  socket.end()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once("close", () => clearTimeout(timer))
}
