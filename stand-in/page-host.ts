import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { build } from "esbuild"

const APP = `
import { StrictMode, useMemo, useState } from "react"
import { createRoot } from "react-dom/client"
import { loadStripe } from "@stripe/stripe-js/pure"
import { Elements, EmbeddedCheckout, EmbeddedCheckoutProvider, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js"

window.stripePromise = loadStripe("pk_test_standin")
const query = new URL(location.href).searchParams
const clientSecret = query.get("secret") ?? undefined

function Checkout({ onState }) {
  const options = useMemo(() => ({
    fetchClientSecret: async () => clientSecret,
    onComplete: () => onState("complete"),
  }), [onState])
  return <EmbeddedCheckoutProvider stripe={window.stripePromise} options={options}><EmbeddedCheckout /></EmbeddedCheckoutProvider>
}

function CardForm({ onState }) {
  const stripe = useStripe()
  const elements = useElements()
  const [ready, setReady] = useState(false)
  const [complete, setComplete] = useState(false)
  async function save(event) {
    event.preventDefault()
    onState("busy")
    const { error: problem } = await elements.submit()
    if (problem) return onState("invalid: " + problem.message)
    const redirect = query.get("redirect") ?? "if_required"
    const secret = clientSecret ?? await fetch("/new-intent").then((answer) => answer.text())
    const method = secret.startsWith("seti_") ? "confirmSetup" : "confirmPayment"
    const result = await stripe[method]({
      elements, redirect, clientSecret: secret, confirmParams: { return_url: location.origin + "/done" },
    })
    const intent = result.setupIntent ?? result.paymentIntent
    onState(intent ? intent.status : "error: " + result.error.message)
  }
  return <form onSubmit={save}>
    <PaymentElement onReady={() => setReady(true)} onChange={(event) => setComplete(event.complete)} />
    <p id="fields">{ready ? "ready" : "loading"} {complete ? "complete" : "incomplete"}</p>
    <button type="submit">Save card</button>
  </form>
}

function CardPage({ onState }) {
  const options = useMemo(() => ({
    ...(clientSecret ? { clientSecret } : { mode: "setup", currency: "usd" }),
    appearance: { theme: query.get("theme") ?? "stripe" },
  }), [])
  return <Elements stripe={window.stripePromise} options={options}><CardForm onState={onState} /></Elements>
}

function App() {
  const [state, setState] = useState("open")
  const [closed, setClosed] = useState(false)
  const Part = query.has("card") ? CardPage : Checkout
  return <main>
    <h1>Shop</h1>
    <p id="state">{state}</p>
    <button type="button" onClick={() => setClosed(!closed)}>{closed ? "Open" : "Close"}</button>
    {closed ? null : <Part onState={setState} />}
  </main>
}
createRoot(document.getElementById("root")).render(<StrictMode><App /></StrictMode>)
`

interface PageHost {
  /** As in production: no script of the stand-in, so `loadStripe` fetches js.stripe.com. */
  loadsFromStripe?: boolean
  /** Makes the client secret where the page starts without one. */
  newIntent?: () => Promise<string>
}

/** A shop with the unmodified React components under a policy as strict as the product's own. */
export async function startPageHost(standInUrl: string, { loadsFromStripe, newIntent }: PageHost = {}) {
  const bundle = await build({
    stdin: { contents: APP, loader: "jsx", resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
  })
  const script = bundle.outputFiles[0]?.text ?? ""
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-n0nce' 'strict-dynamic' ${loadsFromStripe ? "https://js.stripe.com" : standInUrl}`,
    `frame-src ${standInUrl}`,
    "connect-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
  ].join("; ")
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<script nonce="n0nce">window.violations=[];document.addEventListener("securitypolicyviolation",e=>window.violations.push(e.violatedDirective+" "+e.blockedURI))</script>
${loadsFromStripe ? "" : `<script nonce="n0nce" src="${standInUrl}/stripe.js"></script>`}</head>
<body><div id="root"></div><script nonce="n0nce" src="/app.js"></script></body></html>`
  const server = createServer(async (request, response) => {
    if (request.url === "/new-intent" && newIntent) return response.end(await newIntent())
    if (request.url === "/app.js")
      return response.writeHead(200, { "content-type": "text/javascript" }).end(script)
    response
      .writeHead(200, { "content-type": "text/html", "content-security-policy": `${policy}; img-src data:` })
      .end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
