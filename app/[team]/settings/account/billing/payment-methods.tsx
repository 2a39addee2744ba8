import { AddMethodButton } from "@/components/payment-methods/add-method-button"
import { PaymentMethodsCard } from "@/components/payment-methods/payment-methods-card"
import { listPaymentMethods } from "@/lib/payment-methods/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import type { Viewer } from "@/lib/web/require-member"
import { addingActions } from "./adding-actions"
import { removePaymentMethod, setDefaultPaymentMethod } from "./payment-method-actions"
import { stripeConfig } from "./stripe-config"

export async function PaymentMethods({ viewer }: { viewer: Viewer }) {
  const { id, slug } = viewer.team
  const { db, now } = pageCtx()
  const methods = await listPaymentMethods(db, id, now)
  return (
    <PaymentMethodsCard
      actions={{
        setDefault: setDefaultPaymentMethod.bind(null, slug),
        removePaymentMethod: removePaymentMethod.bind(null, slug),
      }}
      addButton={
        <AddMethodButton
          actions={addingActions(slug)}
          hasDefault={methods.some(({ isDefault }) => isDefault)}
          stripe={stripeConfig()}
        />
      }
      methods={methods.map(({ id, name, spokenName, expires, isDefault, canBeDefault }) => ({
        id,
        name,
        spokenName,
        expires,
        isDefault,
        canBeDefault,
      }))}
    />
  )
}
