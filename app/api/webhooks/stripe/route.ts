export { handleStripeWebhook as POST } from "@/lib/web/stripe-webhook"
