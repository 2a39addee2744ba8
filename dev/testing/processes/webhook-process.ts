import { serve } from "@hono/node-server"
import { handleStripeWebhook } from "@/lib/web/stripe-webhook"

// A process of its own that takes webhooks as the app does. Tells its parent the port.
serve({ fetch: handleStripeWebhook, hostname: "127.0.0.1", port: 0 }, ({ port }) => process.send?.({ port }))
process.on("disconnect", () => process.exit())
