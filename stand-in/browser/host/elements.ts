import { IntegrationError } from "./frame"
import type { StripeJsError } from "./messages"
import { type ElementsOptions, PaymentElement, type PaymentElementOptions } from "./payment-element"

export class Elements {
  private element: PaymentElement | null = null
  private submitted = false

  constructor(readonly options: ElementsOptions) {
    const { clientSecret, mode } = options
    if (clientSecret && mode) throw new IntegrationError("Pass either `clientSecret` or `mode`, not both.")
    if (clientSecret && !/^(pi|seti)_\w+_secret_\w+$/.test(clientSecret)) {
      throw new IntegrationError("`clientSecret` is not the client secret of an intent.")
    }
  }

  create(type: string, options: PaymentElementOptions = {}): PaymentElement {
    if (type !== "payment") throw new IntegrationError(`The Stripe stand-in does not have a ${type} Element.`)
    if (this.element) throw new IntegrationError("Can only create one Element of type payment.")
    this.element = new PaymentElement(this.options, options, () => {
      this.element = null
    })
    return this.element
  }

  getElement(type: string): PaymentElement | null {
    return type === "payment" ? this.element : null
  }

  async update(options: ElementsOptions): Promise<void> {
    Object.assign(this.options, options)
    this.submitted = false
    if (options.appearance) this.element?.setDark(options.appearance.theme === "night")
  }

  fetchUpdates(): Promise<{ error?: StripeJsError }> {
    return Promise.resolve({})
  }

  on(): this {
    return this
  }

  /** Checks the fields and shows what is wrong with them. */
  async submit(): Promise<{ error?: StripeJsError; selectedPaymentMethod?: string }> {
    const port = this.element?.port
    if (!port) return { error: NOT_MOUNTED }
    const answer = await port.call<{ error?: StripeJsError }>({ method: "validate" })
    if (answer.error) return { error: answer.error }
    this.submitted = true
    return { selectedPaymentMethod: "card" }
  }

  /** Without a client secret at the start, the shop has to submit before it makes the intent. */
  get isUnsubmitted(): boolean {
    return this.options.mode !== undefined && !this.submitted
  }
}

export const NOT_MOUNTED: StripeJsError = {
  type: "invalid_request_error",
  message: "`elements` should have a mounted Payment Element.",
}
