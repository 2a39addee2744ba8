import { env } from "@/lib/env"

/** Returns whether purchases of credits get an invoice at Stripe. */
export const areCreditsInvoiced = (): boolean => env().CREDIT_INVOICES
