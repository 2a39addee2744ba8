import { subscribe } from "node:diagnostics_channel"
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http"
import { perProcess } from "@/lib/per-process"
import { actionRuns } from "./action-run"
import { type Fault, findFault } from "./find-fault"

/**
 * Looks at each request that this process gets over HTTP before Next does. A proxy comes too late: of some requests Next can't
 * even make the Request that a proxy gets. Next makes its server by itself, so it is found with its first request, through the
 * channel that Node has for observers.
 */
export function guardRequests(appUrl: string): void {
  perProcess("guarded-requests", () => {
    const guarded = new WeakSet<Server>()
    subscribe("http.server.request.start", (message) => {
      const { server } = message as { server: Server }
      if (guarded.has(server)) return
      guarded.add(server)
      const listeners = server.listeners("request") as RequestListener[]
      server.removeAllListeners("request")
      server.on(
        "request",
        guard(appUrl, (...heard) => {
          for (const listener of listeners) listener.apply(server, heard)
        }),
      )
    })
    return true
  })
}

/** A listener that passes on what is well formed, and refuses the rest. */
export function guard(appUrl: string, next: RequestListener): RequestListener {
  return (request, response) => {
    const fault = findFault(request, appUrl)
    if (fault) return refuse(response, fault, appUrl)
    if (request.method !== "POST") return next(request, response)
    const run = { hasBegun: false }
    blameSender(response, () => !run.hasBegun && isAction(request))
    actionRuns().run(run, next, request, response)
  }
}

function refuse(response: ServerResponse, { status, sentence, allow }: Fault, appUrl: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(appUrl.startsWith("https://") && {
      "strict-transport-security": "max-age=63072000; includeSubDomains",
    }),
    ...(allow !== undefined && { allow }),
  })
  response.end(`${sentence}\n`)
}

/** Next answers 500 if it can't read what was sent to an action. An action that has begun answers for itself. */
function blameSender(response: ServerResponse, isUnread: () => boolean): void {
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse
  response.writeHead = ((status: number, ...rest: unknown[]) =>
    writeHead(status === 500 && isUnread() ? 400 : status, ...rest)) as typeof response.writeHead
}

function isAction({ headers }: IncomingMessage): boolean {
  return (
    headers["next-action"] !== undefined || /^multipart\/form-data\b/i.test(headers["content-type"] ?? "")
  )
}
