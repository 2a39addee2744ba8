import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { build } from "esbuild"

interface PageHost {
  /** As in production: without the stand-in's script, `loadStripe` fetches js.stripe.com. */
  loadsFromStripe?: boolean
  /** Makes the client secret where the page starts without one. */
  newIntent?: () => Promise<string>
}

/** Starts a shop with the unmodified React components under a policy as strict as the product's own. */
export async function startPageHost(standInUrl: string, { loadsFromStripe, newIntent }: PageHost = {}) {
  const scripts = await bundleScripts()
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
<script nonce="n0nce" src="/violations.js"></script>
${loadsFromStripe ? "" : `<script nonce="n0nce" src="${standInUrl}/stripe.js"></script>`}</head>
<body><div id="root"></div><script nonce="n0nce" src="/app.js"></script></body></html>`
  const server = createServer(async (request, response) => {
    if (request.url === "/new-intent" && newIntent) return response.end(await newIntent())
    const script = scripts.get(request.url ?? "")
    if (script !== undefined)
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

/** Returns the page's scripts by path. The one that records violations runs before all others. */
async function bundleScripts(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: ["violations.ts", "app.tsx"].map((file) => join(import.meta.dirname, file)),
    bundle: true,
    write: false,
    outdir: "/",
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
  })
  return new Map(outputFiles.map(({ path, text }) => [path, text]))
}
