import { subscribe } from "node:diagnostics_channel"
import type { RequestListener, Server } from "node:http"
import { perProcess } from "@/lib/per-process"

/** Makes a listener that stands in front of another one. */
export type Guard = (next: RequestListener, server: Server) => RequestListener

/**
 * Stands in front of every HTTP server of this process. A proxy comes too late: Next reads an action's body before any code
 * of ours runs, and can't even make the Request of some that a proxy gets. It makes its server by itself, so this finds the
 * server with its first request, through the channel that Node has for such observers.
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

/** Guards one server, from the request on that is about to be handed over. */
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
