import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import { finishAddingPaymentMethod, startAddingPaymentMethod } from "./payment-method-actions"

/** Adding a card, wherever on the page: with the payment methods, or where auto top-up lacks one. */
export function addingActions(slug: string): AddingActions {
  return {
    startAdding: startAddingPaymentMethod.bind(null, slug),
    finishAdding: finishAddingPaymentMethod.bind(null, slug),
  }
}
