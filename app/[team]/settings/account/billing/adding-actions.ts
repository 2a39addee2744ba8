import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import { finishAddingPaymentMethod, startAddingPaymentMethod } from "./payment-method-actions"

/** The actions that add a card, from the payment methods or from auto top-up where it lacks one. */
export function addingActions(slug: string): AddingActions {
  return {
    startAdding: startAddingPaymentMethod.bind(null, slug),
    finishAdding: finishAddingPaymentMethod.bind(null, slug),
  }
}
