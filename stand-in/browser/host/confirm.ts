import { authenticate } from "./authenticate"
import { type Elements, NOT_MOUNTED } from "./elements"
import type { Intent, IntentAnswer, StripeJsError } from "./messages"
import { controllerPort, type Port } from "./port"

export type Kind = "payment_intent" | "setup_intent"

export interface ConfirmOptions {
  elements?: Elements
  clientSecret?: string
  confirmParams?: Record<string, unknown> & { return_url?: string }
  redirect?: "always" | "if_required"
}

type Result = { error: StripeJsError } | { paymentIntent: Intent } | { setupIntent: Intent }

function invalid(message: string): { error: StripeJsError } {
  return { error: { type: "invalid_request_error", message } }
}

function isOf(kind: Kind, secret: string | undefined): secret is string {
  return secret?.startsWith(kind === "payment_intent" ? "pi_" : "seti_") ?? false
}

function shown(intent: Intent): Result {
  return intent.object === "payment_intent" ? { paymentIntent: intent } : { setupIntent: intent }
}

/** Returns the intent in its new state, or why it failed. */
function settled(intent: Intent): Result {
  const error = intent.last_payment_error ?? intent.last_setup_error
  if (intent.status !== "requires_payment_method" || !error) return shown(intent)
  return { error: { ...error, [intent.object]: intent } }
}

function leaveFor(returnUrl: string, intent: Intent): Promise<never> {
  const url = new URL(returnUrl)
  url.searchParams.set(intent.object, intent.id)
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret)
  url.searchParams.set("redirect_status", intent.status === "processing" ? "pending" : "succeeded")
  window.location.assign(url.href)
  return new Promise(() => undefined)
}

/** Does what the bank still wants from the cardholder. */
async function act(port: Port, intent: Intent): Promise<IntentAnswer> {
  if (intent.status !== "requires_action") return { intent }
  const elsewhere = intent.next_action?.redirect_to_url?.url
  if (elsewhere) {
    window.location.assign(elsewhere)
    return new Promise(() => undefined)
  }
  await authenticate(intent.client_secret)
  return port.call<{ intent: Intent }>({ method: "retrieve", secret: intent.client_secret })
}

function isDone(result: Result): boolean {
  const intent =
    "paymentIntent" in result ? result.paymentIntent : "setupIntent" in result ? result.setupIntent : null
  return intent !== null && ["succeeded", "processing", "requires_capture"].includes(intent.status)
}

/** `confirmPayment` and `confirmSetup`. Without elements the card is the one named, or the intent's own. */
export async function confirm(kind: Kind, options: ConfirmOptions): Promise<Result> {
  const { elements, confirmParams = {}, redirect = "always" } = options
  const secret = options.clientSecret ?? elements?.options.clientSecret
  if (!isOf(kind, secret)) return invalid(`Pass the client secret of a ${kind}.`)
  const { return_url: returnUrl } = confirmParams
  if (redirect === "always" && !returnUrl) {
    return invalid('Pass `confirmParams.return_url`, or `redirect: "if_required"`.')
  }
  if (elements?.isUnsubmitted) return invalid("Call elements.submit() before you confirm.")
  const port = elements ? elements.getElement("payment")?.port : controllerPort()
  if (!port) return { error: NOT_MOUNTED }
  const usesFields = elements !== undefined
  const first = await port.call<{ intent: Intent }>({
    method: "confirm",
    secret,
    usesFields,
    params: confirmParams,
  })
  if ("error" in first) return { error: first.error }
  const last = await act(port, first.intent)
  if (!last.intent) return { error: last.error }
  const result = settled(last.intent)
  return redirect === "always" && returnUrl && isDone(result) ? leaveFor(returnUrl, last.intent) : result
}

/** `confirmCardPayment` and `confirmCardSetup`, for cards that are already saved. */
export async function confirmSavedCard(
  kind: Kind,
  clientSecret: string,
  data: Record<string, unknown> = {},
  options: { handleActions?: boolean } = {},
): Promise<Result> {
  if (!isOf(kind, clientSecret)) return invalid(`Pass the client secret of a ${kind}.`)
  if (typeof data.payment_method === "object")
    return invalid("The Stripe stand-in does not have the Card Element.")
  if (options.handleActions !== false) {
    return confirm(kind, { clientSecret, confirmParams: data, redirect: "if_required" })
  }
  const answer = await controllerPort().call<{ intent: Intent }>({
    method: "confirm",
    secret: clientSecret,
    usesFields: false,
    params: data,
  })
  return "error" in answer ? { error: answer.error } : settled(answer.intent)
}

export async function retrieve(kind: Kind, secret: string): Promise<Result> {
  if (!isOf(kind, secret)) return invalid(`Pass the client secret of a ${kind}.`)
  const answer = await controllerPort().call<{ intent: Intent }>({ method: "retrieve", secret })
  return "error" in answer ? { error: answer.error } : shown(answer.intent)
}

export async function handleNextAction({ clientSecret }: { clientSecret?: string }): Promise<Result> {
  const port = controllerPort()
  const answer = await port.call<{ intent: Intent }>({ method: "retrieve", secret: clientSecret ?? "" })
  if ("error" in answer) return { error: answer.error }
  const last = await act(port, answer.intent)
  return last.intent ? settled(last.intent) : { error: last.error }
}

/** `createPaymentMethod({ elements })`: a card that belongs to nobody yet. */
export async function createPaymentMethod(options: {
  elements?: Elements
  params?: object
}): Promise<{ error: StripeJsError } | { paymentMethod: object }> {
  const port = options.elements?.getElement("payment")?.port
  if (!port) return { error: NOT_MOUNTED }
  if (options.elements?.isUnsubmitted) return invalid("Call elements.submit() first.")
  return port.call<{ paymentMethod: object }>({ method: "createPaymentMethod", params: options.params ?? {} })
}
