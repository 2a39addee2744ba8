import { checkoutSessionRoutes } from "./checkout-sessions"
import { customerBalanceRoutes } from "./customer-balance"
import { customerRoutes } from "./customers"
import { disputeRoutes } from "./disputes"
import { eventRoutes } from "./events"
import { handInvoiceRoutes } from "./hand-invoices"
import { invoiceItemRoutes } from "./invoice-items"
import { invoiceRoutes } from "./invoices"
import { moneyRoutes } from "./money"
import { paymentIntentRoutes } from "./payment-intents"
import { paymentMethodRoutes } from "./payment-methods"
import { portalRoutes } from "./portal"
import { priceRoutes } from "./prices"
import { productRoutes } from "./products"
import { refundRoutes } from "./refunds"
import { setupIntentRoutes } from "./setup-intents"
import { subscriptionRoutes } from "./subscriptions"
import { taxIdRoutes } from "./tax-ids"
import { webhookEndpointRoutes } from "./webhook-endpoints"

/** Every route under `/v1`. */
export const ROUTES = [
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...paymentIntentRoutes,
  ...setupIntentRoutes,
  ...checkoutSessionRoutes,
  ...moneyRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...handInvoiceRoutes,
  ...invoiceItemRoutes,
  ...customerBalanceRoutes,
  ...taxIdRoutes,
  ...portalRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
]
