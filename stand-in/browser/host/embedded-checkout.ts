import { createFrame, IntegrationError, listenTo, resolveTarget } from "./frame"

interface EmbeddedOptions {
  clientSecret?: string | null
  fetchClientSecret?: () => Promise<string>
  onComplete?: () => void
}

interface EmbeddedPage {
  mount: (target: string | HTMLElement) => void
  unmount: () => void
  destroy: () => void
}

type FromPage = { type: "resize"; height: number } | { type: "complete" } | { type: "redirect"; url: string }

let liveCheckouts = 0

/** Puts one mounting into the page: the frame, and a listener for its messages. */
function show(target: HTMLElement, clientSecret: string, onComplete: (() => void) | undefined): () => void {
  const frame = createFrame({
    path: `/checkout/${encodeURIComponent(clientSecret)}`,
    name: "checkout",
    title: "Secure payment form",
    style: { height: "640px" },
  })
  const stopListening = listenTo(frame, (data) => {
    const said = data as FromPage
    if (said.type === "resize") frame.style.height = `${said.height}px`
    if (said.type === "complete") onComplete?.()
    if (said.type === "redirect" && /^https?:/.test(said.url)) window.location.assign(said.url)
  })
  target.append(frame)
  return () => {
    stopListening()
    frame.remove()
  }
}

function embeddedPage(clientSecret: string, onComplete: (() => void) | undefined): EmbeddedPage {
  let destroyed = false
  let hide: (() => void) | null = null
  const requireAlive = () => {
    if (destroyed)
      throw new IntegrationError("This Embedded Checkout has been destroyed and can't be used any more.")
  }
  return {
    mount(target) {
      requireAlive()
      if (hide) throw new IntegrationError("Embedded Checkout is already mounted. Unmount it first.")
      hide = show(resolveTarget(target), clientSecret, onComplete)
    },
    unmount() {
      requireAlive()
      hide?.()
      hide = null
    },
    destroy() {
      requireAlive()
      hide?.()
      hide = null
      destroyed = true
      liveCheckouts -= 1
    },
  }
}

export async function createEmbeddedCheckoutPage(options: EmbeddedOptions): Promise<EmbeddedPage> {
  if (liveCheckouts > 0) throw new IntegrationError("You cannot have multiple Embedded Checkout objects.")
  if (!options.clientSecret && !options.fetchClientSecret) {
    throw new IntegrationError("Pass either `clientSecret` or `fetchClientSecret`.")
  }
  liveCheckouts += 1
  try {
    const secret = options.clientSecret ?? (await options.fetchClientSecret?.())
    if (!secret?.startsWith("cs_test_"))
      throw new IntegrationError("This is not the client secret of a test session.")
    return embeddedPage(secret, options.onComplete)
  } catch (error) {
    liveCheckouts -= 1
    throw error
  }
}
