import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http"
import { SECOND_MS } from "@/lib/clock"
import type { Guard } from "./guard-servers"

export type BodyBounds = {
  /** For a whole body. Longer than `readBody` waits, so that a route can say by itself what is wrong. */
  bodyMs: number
  /** What a page's action takes, as in next.config.js. Routes under /api/ know their own limits. */
  maxPageBytes: number
}

const BOUNDS: BodyBounds = { bodyMs: 12 * SECOND_MS, maxPageBytes: 64 * 1024 }
const HEADERS_MS = 10 * SECOND_MS

/** Bounds what a server takes in, in size and in time, before anything reads it. */
export function boundBodies({ bodyMs, maxPageBytes }: BodyBounds = BOUNDS): Guard {
  return (next, server) => {
    server.headersTimeout = HEADERS_MS
    return (request, response) => {
      const length = Number(request.headers["content-length"] ?? 0)
      const isInChunks = request.headers["transfer-encoding"] !== undefined
      if (length > 0 || isInChunks) {
        const timer = setTimeout(() => {
          if (!request.complete) cutOff(response, 408)
        }, bodyMs)
        request.once("close", () => clearTimeout(timer))
        const isForPage = !request.url?.startsWith("/api/")
        if (isForPage && length > maxPageBytes) return refuse(response)
        if (isForPage && isInChunks) countBytes(request, maxPageBytes, () => cutOff(response, 413))
      }
      next(request, response)
    }
  }
}

/** Where Node hands over what it has received: whoever listened to the stream instead would take it from whoever reads it. */
function countBytes(request: IncomingMessage, maxBytes: number, onMore: () => void): void {
  const push = request.push.bind(request)
  let bytes = 0
  request.push = (chunk: Buffer | null, encoding) => {
    bytes += chunk?.length ?? 0
    if (bytes > maxBytes) onMore()
    return push(chunk, encoding)
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(413, {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    connection: "close",
  })
  response.end("This request is too large.\n")
}

/** As Node ends what exceeds its own limits: whoever waits for the rest of the body finds the connection closed. */
function cutOff(response: ServerResponse, status: 408 | 413): void {
  const { socket } = response.req
  if (socket.destroyed || socket.writableEnded) return
  // Not into another answer: one that has begun, or one that is before this in a pipeline.
  if (response.socket && !response.headersSent)
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    )
  socket.destroySoon()
}
