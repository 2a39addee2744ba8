import { AddMethodButton } from "@/components/payment-methods/add-method-button"
import { PaymentMethodsCard } from "@/components/payment-methods/payment-methods-card"
import { env } from "@/lib/env"
import { listPaymentMethods } from "@/lib/payment-methods/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import type { Viewer } from "@/lib/web/require-member"
import {
  finishAddingPaymentMethod,
  removePaymentMethod,
  setDefaultPaymentMethod,
  startAddingPaymentMethod,
} from "./payment-method-actions"

/** From our copy: the page never waits for Stripe. */
export async function PaymentMethods({ viewer }: { viewer: Viewer }) {
  const { id, slug } = viewer.team
  const { db, now } = pageCtx()
  const methods = await listPaymentMethods(db, id, now)
  const { STRIPE_PUBLISHABLE_KEY, STRIPE_JS_URL } = env()
  return (
    <PaymentMethodsCard
      actions={{
        setDefault: setDefaultPaymentMethod.bind(null, slug),
        removePaymentMethod: removePaymentMethod.bind(null, slug),
      }}
      addButton={
        <AddMethodButton
          actions={{
            startAdding: startAddingPaymentMethod.bind(null, slug),
            finishAdding: finishAddingPaymentMethod.bind(null, slug),
          }}
          hasDefault={methods.some(({ isDefault }) => isDefault)}
          stripe={{ publishableKey: STRIPE_PUBLISHABLE_KEY, stripeJsUrl: STRIPE_JS_URL ?? null }}
        />
      }
      methods={methods.map(({ id, name, spokenName, expires, isDefault }) => ({
        id,
        name,
        spokenName,
        expires,
        isDefault,
      }))}
    />
  )
}
