import { join } from "node:path"
import { parseEnv } from "@/lib/env"
import { ROOT } from "./build"
import { type RunningProcess, startNode, waitUntilReady } from "./processes"

export type StackSettings = {
  databaseUrl: string
  authSecret: string
  webhookSecret: string
  appPort: number
  stripePort: number
  stripeDataDir?: string
  /**
   * Checks every answer and request of the stand-in against the SDK's types. For tests, because it takes seconds to
   * start.
   */
  contract?: boolean
  /** Allows one-click sign-in. The app refuses it unless the database is a demo's. */
  isDemo?: boolean
  onLine?: (name: string, line: string) => void
  /** Receives the function that stops everything, before anything is started. */
  onStart?: (stop: () => Promise<void>) => void
}

export type Stack = {
  appUrl: string
  stripeUrl: string
  standIn: RunningProcess | null
  app: RunningProcess
  worker: RunningProcess
  /** Starts one more of each, or a successor. An app answers at its port once it is ready. */
  startApp: (port?: number) => RunningProcess
  startWorker: () => RunningProcess
  stop: () => Promise<void>
}

const TSX = join(ROOT, "node_modules/tsx/dist/cli.mjs")

/**
 * Starts the product as it runs in production, the built app and its worker, against a database and Stripe: the real
 * one if STRIPE_SECRET_KEY is set, else the stand-in.
 */
export async function startStack(settings: StackSettings): Promise<Stack> {
  const appUrl = process.env.APP_URL || `http://localhost:${settings.appPort}`
  const stripeUrl = `http://127.0.0.1:${settings.stripePort}`
  const usesStandIn = !process.env.STRIPE_SECRET_KEY
  const env = appEnv(settings, appUrl, usesStandIn ? stripeUrl : null)
  // Reported here in one line, instead of by each process that can't start.
  parseEnv({ ...process.env, ...env })
  const lines = (name: string) => (line: string) => settings.onLine?.(name, line)

  const started: RunningProcess[] = []
  const stop = async () => {
    await Promise.all(started.map((each) => each.stop()))
  }
  settings.onStart?.(stop)
  const start = (name: string, args: string[], extra: Record<string, string | undefined> = {}) => {
    const running = startNode({ name, args, env: { ...env, ...extra }, cwd: ROOT, onLine: lines(name) })
    started.push(running)
    return running
  }
  const startApp = (port = settings.appPort) =>
    start("app", ["node_modules/next/dist/bin/next", "start", "-p", String(port), "-H", "127.0.0.1"])
  const startWorker = () => start("worker", [TSX, "lib/jobs/worker.ts"])
  try {
    const standIn = usesStandIn ? start("stripe", [TSX, "stand-in/main.ts"], standInEnv(settings)) : null
    const app = startApp()
    const worker = startWorker()
    await waitUntilReady(`http://127.0.0.1:${settings.appPort}/api/health`, app)
    if (standIn) await waitUntilReady(`${stripeUrl}/_control/clock`, standIn)
    return {
      appUrl,
      stripeUrl: usesStandIn ? stripeUrl : "https://api.stripe.com",
      standIn,
      app,
      worker,
      startApp,
      startWorker,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The product's environment. `standInUrl` is null for the real Stripe. */
export function appEnv(
  settings: Pick<StackSettings, "webhookSecret" | "authSecret" | "databaseUrl" | "isDemo">,
  appUrl: string,
  standInUrl: string | null,
) {
  const stripe = standInUrl
    ? {
        STRIPE_SECRET_KEY: "sk_test_standin",
        STRIPE_PUBLISHABLE_KEY: "pk_test_standin",
        STRIPE_WEBHOOK_SECRET: settings.webhookSecret,
        STRIPE_API_BASE: standInUrl,
        STRIPE_JS_URL: `${standInUrl}/stripe.js`,
      }
    : {}
  return {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    LOG_LEVEL: process.env.LOG_LEVEL || "warn",
    APP_URL: appUrl,
    AUTH_SECRET: process.env.AUTH_SECRET || settings.authSecret,
    DATABASE_URL: settings.databaseUrl,
    DEMO_MODE: settings.isDemo ? "1" : "",
    SUPPORT_EMAIL: process.env.SUPPORT_EMAIL || (settings.isDemo ? "support@example.com" : ""),
    WEBHOOK_LOOPBACK: settings.isDemo ? "1" : "",
    ...stripe,
  }
}

function standInEnv(settings: StackSettings) {
  return {
    STRIPE_STANDIN_PORT: String(settings.stripePort),
    STRIPE_STANDIN_DATA_DIR: settings.stripeDataDir,
    STRIPE_STANDIN_WEBHOOK_URL: `http://127.0.0.1:${settings.appPort}/api/webhooks/stripe`,
    STRIPE_STANDIN_WEBHOOK_SECRET: settings.webhookSecret,
    STRIPE_STANDIN_CONTRACT: settings.contract ? "1" : undefined,
  }
}
