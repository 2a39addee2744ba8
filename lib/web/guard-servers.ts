import { subscribe } from "node:diagnostics_channel"
import type { RequestListener, Server } from "node:http"
import { perProcess } from "@/lib/per-process"

/** Makes a listener that stands in front of another. */
export type Guard = (next: RequestListener, server: Server) => RequestListener

/**
 * Puts a guard in front of every HTTP server of this process. A proxy would come too late: Next reads an action's
 * body before any of our code runs, and can't even build the Request of some calls that a proxy gets. Next creates
 * its server itself, so this finds the server with its first request, through Node's diagnostics channel.
 */
export function guardServers(guard: Guard): void {
  perProcess("guarded-servers", () => {
    const guarded = new WeakSet<Server>()
    subscribe("http.server.request.start", (message) => {
      const { server } = message as { server: Server }
      if (guarded.has(server)) return
      guarded.add(server)
      guardServer(server, guard)
    })
    return true
  })
}

/** Guards one server, beginning with the request that is about to be handed over. */
export function guardServer(server: Server, guard: Guard): void {
  const listeners = server.listeners("request") as RequestListener[]
  server.removeAllListeners("request")
  server.on(
    "request",
    guard((...heard) => {
      for (const listener of listeners) listener.apply(server, heard)
    }, server),
  )
}
