import {
  Elements,
  EmbeddedCheckout,
  EmbeddedCheckoutProvider,
  PaymentElement,
  useElements,
  useStripe,
} from "@stripe/react-stripe-js"
import type { Stripe } from "@stripe/stripe-js"
import { loadStripe } from "@stripe/stripe-js/pure"
import { type FormEvent, StrictMode, useMemo, useState } from "react"
import { createRoot } from "react-dom/client"

declare global {
  interface Window {
    /** For tests that need what the page has no button for. */
    stripePromise: Promise<Stripe | null>
  }
}

type Props = { onState: (state: string) => void }

window.stripePromise = loadStripe("pk_test_standin")
const query = new URL(location.href).searchParams
const clientSecret = query.get("secret") ?? undefined

function Checkout({ onState }: Props) {
  const options = useMemo(
    () => ({ fetchClientSecret: async () => clientSecret ?? "", onComplete: () => onState("complete") }),
    [onState],
  )
  return (
    <EmbeddedCheckoutProvider stripe={window.stripePromise} options={options}>
      <EmbeddedCheckout />
    </EmbeddedCheckoutProvider>
  )
}

async function newSecret(): Promise<string> {
  const answer = await fetch("/new-intent")
  return answer.text()
}

function CardForm({ onState }: Props) {
  const stripe = useStripe()
  const elements = useElements()
  const [isReady, setReady] = useState(false)
  const [isComplete, setComplete] = useState(false)
  async function save(event: FormEvent) {
    event.preventDefault()
    onState("busy")
    if (!stripe || !elements) return onState("error: Stripe isn't loaded.")
    const { error: problem } = await elements.submit()
    if (problem) return onState(`invalid: ${problem.message}`)
    const secret = clientSecret ?? (await newSecret())
    const confirmation = {
      elements,
      clientSecret: secret,
      confirmParams: { return_url: `${location.origin}/done` },
      // With "always" the page is left, so nobody would notice an answer without its intent.
      redirect: (query.get("redirect") ?? "if_required") as "if_required",
    }
    const { error, ...confirmed } = secret.startsWith("seti_")
      ? await stripe.confirmSetup(confirmation)
      : await stripe.confirmPayment(confirmation)
    const [intent] = Object.values(confirmed)
    onState(intent ? intent.status : `error: ${error?.message}`)
  }
  return (
    <form onSubmit={save}>
      <PaymentElement onReady={() => setReady(true)} onChange={(event) => setComplete(event.complete)} />
      <p id="fields">
        {isReady ? "ready" : "loading"} {isComplete ? "complete" : "incomplete"}
      </p>
      <button type="submit">Save card</button>
    </form>
  )
}

function CardPage({ onState }: Props) {
  const options = useMemo(() => {
    const appearance = { theme: query.get("theme") === "night" ? ("night" as const) : ("stripe" as const) }
    return clientSecret
      ? { clientSecret, appearance }
      : { mode: "setup" as const, currency: "usd", appearance }
  }, [])
  return (
    <Elements stripe={window.stripePromise} options={options}>
      <CardForm onState={onState} />
    </Elements>
  )
}

function Shop() {
  const [state, setState] = useState("open")
  const [isClosed, setClosed] = useState(false)
  const Part = query.has("card") ? CardPage : Checkout
  return (
    <main>
      <h1>Shop</h1>
      <p id="state">{state}</p>
      <button type="button" onClick={() => setClosed(!isClosed)}>
        {isClosed ? "Open" : "Close"}
      </button>
      {isClosed ? null : <Part onState={setState} />}
    </main>
  )
}

const root = document.getElementById("root")
if (root)
  createRoot(root).render(
    <StrictMode>
      <Shop />
    </StrictMode>,
  )
