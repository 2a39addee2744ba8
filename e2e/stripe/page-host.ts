import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { build } from "esbuild"

const APP = `
import { StrictMode, useMemo, useState } from "react"
import { createRoot } from "react-dom/client"
import { loadStripe } from "@stripe/stripe-js/pure"
import { EmbeddedCheckout, EmbeddedCheckoutProvider } from "@stripe/react-stripe-js"

const stripe = loadStripe("pk_test_standin")
const clientSecret = new URL(location.href).searchParams.get("secret")

function App() {
  const [state, setState] = useState("open")
  const options = useMemo(() => ({
    fetchClientSecret: async () => clientSecret,
    onComplete: () => setState("complete"),
  }), [])
  return <main>
    <h1>Shop</h1>
    <p id="state">{state}</p>
    <button type="button" onClick={() => setState("closed")}>Close</button>
    {state === "closed" ? null : <EmbeddedCheckoutProvider stripe={stripe} options={options}><EmbeddedCheckout /></EmbeddedCheckoutProvider>}
  </main>
}
createRoot(document.getElementById("root")).render(<StrictMode><App /></StrictMode>)
`

/** A shop with the unmodified React components under a policy as strict as the product's own. */
export async function startPageHost(standInUrl: string) {
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
    `script-src 'nonce-n0nce' 'strict-dynamic' ${standInUrl}`,
    `frame-src ${standInUrl}`,
    `connect-src 'self' ${standInUrl}`,
    "style-src 'self'",
    "base-uri 'none'",
  ].join("; ")
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<script nonce="n0nce">window.violations=[];document.addEventListener("securitypolicyviolation",e=>window.violations.push(e.violatedDirective+" "+e.blockedURI))</script>
<script nonce="n0nce" src="${standInUrl}/stripe.js"></script></head>
<body><div id="root"></div><script nonce="n0nce" src="/app.js"></script></body></html>`
  const server = createServer((request, response) => {
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
