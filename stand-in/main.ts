import { startStripeStandIn } from "./server"

const { env } = process

const url = env.STRIPE_STANDIN_WEBHOOK_URL
const secret = env.STRIPE_STANDIN_WEBHOOK_SECRET
if (Boolean(url) !== Boolean(secret)) {
  throw new Error("Set both STRIPE_STANDIN_WEBHOOK_URL and STRIPE_STANDIN_WEBHOOK_SECRET, or neither")
}

const standIn = await startStripeStandIn({
  port: Number(env.STRIPE_STANDIN_PORT ?? 0),
  dataDir: env.STRIPE_STANDIN_DATA_DIR,
  webhook: url && secret ? { url, secret } : undefined,
  contract: env.STRIPE_STANDIN_CONTRACT === "1",
})
console.log(`Stripe stand-in: ${standIn.url}`)

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void standIn.close().then(() => process.exit(0)))
}
