import { ofThisProcess } from "@/lib/per-process"
import { WEBHOOK_SECRET } from "./secrets"

export const APP_URL = "http://localhost:3000"

/** A complete, accepted environment for tests to start from. */
export function testEnvironment(changes: Record<string, string | undefined> = {}) {
  return {
    LOG_LEVEL: "silent",
    APP_URL,
    AUTH_SECRET: "a-secret-of-the-tests-that-is-long-enough",
    DATABASE_URL: "postgresql://nobody:nothing@127.0.0.1:1/credits",
    STRIPE_SECRET_KEY: "sk_test_standin",
    STRIPE_PUBLISHABLE_KEY: "pk_test_standin",
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: "http://127.0.0.1:1",
    STRIPE_JS_URL: "http://127.0.0.1:1/stripe.js",
    SMTP_URL: "smtp://127.0.0.1:1",
    ...changes,
  }
}

/** Makes this process one that has just started in such an environment. Test files run in it one after the other. */
export function startInEnvironment(changes: Record<string, string | undefined> = {}): void {
  ofThisProcess.clear()
  Object.assign(process.env, testEnvironment(changes))
}
