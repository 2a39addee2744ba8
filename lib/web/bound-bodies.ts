import { subscribe } from "node:diagnostics_channel"
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http"
import { SECOND_MS } from "@/lib/clock"
import { perProcess } from "@/lib/per-process"

export type BodyBounds = {
  /** For a whole body. Longer than `readBody` waits, so that a route can say by itself what is wrong. */
  bodyMs: number
  /** What a page's action takes, as in next.config.js. Routes under /api/ know their own. */
  maxPageBytes: number
}

const BOUNDS: BodyBounds = { bodyMs: 12 * SECOND_MS, maxPageBytes: 64 * 1024 }
const HEADERS_MS = 10 * SECOND_MS

/**
 * Bounds what every HTTP server of this process takes in. Next reads an action's body before any code of ours runs, and waits
 * for it as long as the sender likes; it makes its server by itself, so this finds the server with the first request that it
 * gets, through the channel that Node has for such observers.
 */
export function boundBodies(): void {
  perProcess("bound-bodies", () => {
    const bounded = new WeakSet<Server>()
    subscribe("http.server.request.start", (message) => {
      const { server } = message as { server: Server }
      if (bounded.has(server)) return
      bounded.add(server)
      boundServer(server, BOUNDS)
    })
    return true
  })
}

/** Puts a guard in front of what a server does with requests, beginning with the one that is about to be handed over. */
export function boundServer(server: Server, bounds: BodyBounds): void {
  server.headersTimeout = HEADERS_MS
  const listeners = server.listeners("request") as RequestListener[]
  server.removeAllListeners("request")
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (!hasBody(request)) return hand(request, response)
    const timer = setTimeout(() => cutOff(request, response), bounds.bodyMs)
    request.once("close", () => clearTimeout(timer))
    if (isTooLarge(request, bounds)) return refuse(response)
    hand(request, response)
  })
  const hand: RequestListener = (request, response) => {
    for (const listener of listeners) listener.call(server, request, response)
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0
}

// A body without a length is counted by Next as it comes.
function isTooLarge({ url = "", headers }: IncomingMessage, { maxPageBytes }: BodyBounds): boolean {
  return !url.startsWith("/api/") && Number(headers["content-length"] ?? 0) > maxPageBytes
}

function refuse(response: ServerResponse): void {
  response.writeHead(413, {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    connection: "close",
  })
  response.end("This request is too large.\n")
}

/** As Node does it for its own time limits: whoever waits for the rest of the body finds the connection closed. */
function cutOff(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  if (request.complete || socket.destroyed) return
  // Not into another answer: one that has begun, or one that is before this in a pipeline.
  if (response.socket && !response.headersSent)
    socket.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
  socket.destroySoon()
}
