import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http"
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

/** Limits the size and time of bodies before anything reads them. */
export function boundBodies(appUrl: string, { bodyMs, maxPageBytes }: BodyBounds = BOUNDS): Guard {
  const headers = refusalHeaders(appUrl)
  return (next, server) => {
    server.headersTimeout = HEADERS_MS
    return (request, response) => {
      const length = Number(request.headers["content-length"] ?? 0)
      const isInChunks = request.headers["transfer-encoding"] !== undefined
      if (length > 0 || isInChunks) {
        const timer = setTimeout(() => {
          if (!request.complete) cutOff(response, 408, headers)
        }, bodyMs)
        request.once("close", () => clearTimeout(timer))
        const isForPage = !request.url?.startsWith("/api/")
        if (isForPage && length > maxPageBytes) return refuse(response, headers)
        if (isForPage && isInChunks) countBytes(request, maxPageBytes, () => cutOff(response, 413, headers))
      }
      next(request, response)
    }
  }
}

/** Hooks in where Node hands over what it received. Listening to the stream would take the data from its reader. */
function countBytes(request: IncomingMessage, maxBytes: number, onMore: () => void): void {
  const push = request.push.bind(request)
  let bytes = 0
  request.push = (chunk: Buffer | null, encoding) => {
    bytes += chunk?.length ?? 0
    if (bytes > maxBytes) onMore()
    return push(chunk, encoding)
  }
}

function refuse(response: ServerResponse, headers: Record<string, string>): void {
  response.writeHead(413, { ...headers, connection: "close" })
  response.end("This request is too large.\n")
}

/** Ends the connection as Node does beyond its own limits: a reader of the rest of the body finds it closed. */
function cutOff(response: ServerResponse, status: 408 | 413, headers: Record<string, string>): void {
  const { socket } = response.req
  if (socket.destroyed || socket.writableEnded) return
  // Not into another answer: one that has begun, or an earlier one in a pipeline.
  if (response.socket && !response.headersSent) {
    const lines = Object.entries({ ...headers, connection: "close", "content-length": "0" })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n`)
  }
  socket.destroySoon()
}
