import { serve } from "@hono/node-server"
import { handleStripeWebhook } from "@/lib/web/stripe-webhook"

// A separate process that takes webhooks like the app. Tells its parent the port.
serve({ fetch: handleStripeWebhook, hostname: "127.0.0.1", port: 0 }, ({ port }) => process.send?.({ port }))
process.on("disconnect", () => process.exit())
