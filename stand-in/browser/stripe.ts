/* `window.Stripe` for the stand-in. It has what the unmodified React components use, and works under a strict policy
   of the host page: no inline style, no evaluated text, everything visible in an iframe of its own origin. */
import {
  type ConfirmOptions,
  confirm,
  confirmSavedCard,
  createPaymentMethod,
  handleNextAction,
  type Kind,
  retrieve,
} from "./host/confirm"
import { Elements } from "./host/elements"
import { createEmbeddedCheckoutPage } from "./host/embedded-checkout"
import { IntegrationError } from "./host/frame"
import type { ElementsOptions } from "./host/payment-element"

/** Stripe.js resolves with an error, and never rejects, when something can't be done. */
function answering<A extends unknown[], R extends object>(work: (...args: A) => Promise<R>) {
  return async (...args: A): Promise<R | { error: { type: string; message: string } }> => {
    try {
      return await work(...args)
    } catch (error) {
      return { error: { type: "api_error", message: error instanceof Error ? error.message : String(error) } }
    }
  }
}

function missing(method: string) {
  return answering(async (): Promise<object> => {
    throw new IntegrationError(`The Stripe stand-in does not have ${method}.`)
  })
}

function confirmationOf(kind: Kind) {
  return {
    intent: answering((options: ConfirmOptions) => confirm(kind, options)),
    savedCard: answering(
      (secret: string, data?: Record<string, unknown>, options?: { handleActions?: boolean }) =>
        confirmSavedCard(kind, secret, data, options),
    ),
    retrieve: answering((secret: string) => retrieve(kind, secret)),
  }
}

function connect(key: string) {
  if (!/^pk_test_/.test(key))
    throw new IntegrationError("The Stripe stand-in takes publishable test keys only.")
  const payment = confirmationOf("payment_intent")
  const setup = confirmationOf("setup_intent")
  return {
    createEmbeddedCheckoutPage,
    initEmbeddedCheckout: () => {
      throw new IntegrationError("initEmbeddedCheckout has been removed. Use createEmbeddedCheckoutPage.")
    },
    elements: (options: ElementsOptions = {}) => new Elements({ ...options }),
    confirmPayment: payment.intent,
    confirmSetup: setup.intent,
    confirmCardPayment: payment.savedCard,
    confirmCardSetup: setup.savedCard,
    retrievePaymentIntent: payment.retrieve,
    retrieveSetupIntent: setup.retrieve,
    handleNextAction: answering(handleNextAction),
    createPaymentMethod: answering(createPaymentMethod),
    createToken: missing("createToken"),
    createConfirmationToken: missing("createConfirmationToken"),
    registerAppInfo: () => undefined,
    _registerWrapper: () => undefined,
  }
}

Object.assign(window, { Stripe: Object.assign(connect, { version: "endive" }) })
