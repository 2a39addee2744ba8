import { buildApp, ROOT } from "../../stack/build"
import { freePort } from "../../stack/ports"
import { startNode, waitUntilReady } from "../../stack/processes"
import { testEnvironment } from "../../testing/environment"
import { startChild } from "../setup/child"

export type HttpServer = { port: number; pid: number; stop: () => Promise<void> }

const DIST_DIR = ".next-bench"

const environment = (databaseUrl: string) => ({
  ...testEnvironment({ DATABASE_URL: databaseUrl, LOG_LEVEL: "warn" }),
  NODE_ENV: "production",
  // The load comes with one key from one address.
  API_RATE_PER_KEY: "999999999",
  API_RATE_PER_ADDRESS: "999999999",
})

export async function startLeanServer(databaseUrl: string): Promise<HttpServer> {
  const child = startChild(new URL("./api-server.ts", import.meta.url), environment(databaseUrl))
  return { port: await child.ask<number>({}), pid: child.pid, stop: child.stop }
}

/**
 * Starts Next's production server with a route for comparison. Builds it first, unless these sources were already
 * built.
 */
export async function startNextServer(databaseUrl: string, say: (line: string) => void): Promise<HttpServer> {
  const env = { BENCH: "1", NEXT_DIST_DIR: DIST_DIR, NEXT_TELEMETRY_DISABLED: "1" }
  await buildApp(() => say("building the app, about a minute"), { distDir: DIST_DIR, env })
  const port = await freePort()
  const next = startNode({
    name: "next",
    args: ["node_modules/next/dist/bin/next", "start", "-p", String(port), "-H", "127.0.0.1"],
    cwd: ROOT,
    env: { ...environment(databaseUrl), ...env },
  })
  // After an interruption nobody comes back to stop it.
  process.once("exit", () => void next.stop("SIGKILL"))
  try {
    await waitUntilReady(`http://127.0.0.1:${port}/api/health`, next)
  } catch (error) {
    await next.stop()
    throw error
  }
  return { port, pid: next.pid, stop: () => next.stop() }
}
