"use client"

import type { ChangingActions, PaymentMethodEntry } from "@/components/payment-methods/payment-method-types"
import { ConfirmButton } from "@/components/ui/confirm-button"

type RemoveMethodButtonProps = {
  method: PaymentMethodEntry
  nextDefault: string | null
  removePaymentMethod: ChangingActions["removePaymentMethod"]
}

export function RemoveMethodButton({ method, nextDefault, removePaymentMethod }: RemoveMethodButtonProps) {
  const { id, name, spokenName, isDefault } = method
  return (
    <ConfirmButton
      aria-label={`Remove ${spokenName}`}
      // Where it stands alone under the words, its text begins where theirs does.
      className="max-sm:first:-ml-3"
      confirm={() => removePaymentMethod({ paymentMethodId: id })}
      confirmLabel="Remove"
      done={`${name} is removed.`}
      label="Remove"
      title={`Remove ${name}?`}
      unreachable="No answer came, so it may still be there. Check your connection, then try again."
      variant="ghost"
    >
      <p>{consequence({ isDefault, nextDefault })} You can add it again at any time.</p>
    </ConfirmButton>
  )
}

function consequence({ isDefault, nextDefault }: { isDefault: boolean; nextDefault: string | null }): string {
  if (nextDefault) return `It will no longer be charged. ${nextDefault} becomes the default.`
  if (isDefault) return "It is your only payment method: the next purchase asks for a card again."
  return "It will no longer be charged or offered when you buy."
}
