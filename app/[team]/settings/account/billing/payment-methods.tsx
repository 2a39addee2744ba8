import { AddMethodButton } from "@/components/payment-methods/add-method-button"
import { PaymentMethodsCard } from "@/components/payment-methods/payment-methods-card"
import type { Viewer } from "@/lib/web/require-member"
import { addingActions } from "./adding-actions"
import { removePaymentMethod, setDefaultPaymentMethod } from "./payment-method-actions"
import { stripeConfig } from "./stripe-config"
import { teamPaymentMethods } from "./team-payment-methods"

export async function PaymentMethods({ viewer }: { viewer: Viewer }) {
  const { id, slug } = viewer.team
  const methods = await teamPaymentMethods(id)
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
