import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { pathToFileURL } from "node:url"
import { serve } from "@hono/node-server"
import { getPath } from "hono/utils/url"
import { SECOND_MS } from "@/lib/clock"
import { env } from "@/lib/env"
import { loadEnvFile } from "@/lib/load-env-file"
import { log } from "@/lib/log"
import { type BodyBounds, boundBodies } from "@/lib/web/bound-bodies"
import { guardServer } from "@/lib/web/guard-servers"
import { checkHealth } from "@/lib/web/health"
import { handleStripeWebhook } from "@/lib/web/stripe-webhook"
import type { ServedBy } from "./address-of"
import { api } from "./app"
import { metering } from "./metering"

/** Longer than a request's body and the ledger's statements may take together. */
const STOP_MS = 25 * SECOND_MS
const IDLE_CHECK_MS = 50

export type RunningApi = { port: number; stop: () => Promise<void> }
type Options = { port: number; hostname?: string; bounds?: BodyBounds }

const WEBHOOK_PATH = "/api/webhooks/stripe"

/** Serves programs without the app: the metering API and Stripe's webhooks. Stopping lets requests in flight finish. */
export async function startApi({ port, hostname, bounds }: Options): Promise<RunningApi> {
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = serve(
      {
        port,
        hostname,
        fetch: (request, { incoming }) => {
          const path = getPath(request)
          if (request.method === "GET" && path === "/api/health") return checkHealth()
          if (request.method === "POST" && path === WEBHOOK_PATH) return handleStripeWebhook(request)
          return api.fetch(request, { remoteAddress: incoming.socket.remoteAddress } satisfies ServedBy)
        },
        serverOptions: {
          requestTimeout: 30 * SECOND_MS,
          // Longer than the minute for which load balancers keep an idle connection.
          keepAliveTimeout: 65 * SECOND_MS,
        },
      },
      () => resolve(starting as Server),
    )
    starting.once("error", reject)
  })
  // The bounds for pages don't apply to /api/, such as a batch of one megabyte.
  guardServer(server, boundBodies(env().APP_URL, bounds))
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) }
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // The client keeps a connection open after its answer. It is closed once it is idle.
  const closing = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
  const giveUp = setTimeout(() => server.closeAllConnections(), STOP_MS)
  await closed
  clearInterval(closing)
  clearTimeout(giveUp)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  loadEnvFile()
  try {
    const running = await startApi({ port: env().API_PORT })
    log().info({ port: running.port }, "API ready")
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        void running
          .stop()
          .then(() => metering().connections.end())
          .then(() => process.exit(0))
      })
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
