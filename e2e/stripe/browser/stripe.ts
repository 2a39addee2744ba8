/*
 * `window.Stripe` for the stand-in. It has what the unmodified React components ask for, and works under a strict
 * policy of the host page: no inline style, no evaluated text, everything visible lives in an iframe of its own origin.
 * One script without imports: the host page loads it with a plain script element.
 */
;(() => {
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

  type FromPage =
    | { type: "resize"; height: number }
    | { type: "complete" }
    | { type: "redirect"; url: string }

  const script = document.currentScript
  if (!(script instanceof HTMLScriptElement))
    throw new Error("Load the Stripe stand-in with a plain script element")
  const ORIGIN = new URL(script.src).origin

  class IntegrationError extends Error {
    override name = "IntegrationError"
  }

  let liveCheckouts = 0

  function createFrame(clientSecret: string): HTMLIFrameElement {
    const frame = document.createElement("iframe")
    const url = new URL(`/checkout/${encodeURIComponent(clientSecret)}`, ORIGIN)
    url.searchParams.set("host", window.location.origin)
    frame.src = url.href
    frame.title = "Secure payment form"
    frame.name = "stripe-stand-in-checkout"
    frame.allow = "payment *"
    const style: Partial<CSSStyleDeclaration> = {
      border: "0",
      width: "100%",
      height: "640px",
      display: "block",
    }
    Object.assign(frame.style, style)
    return frame
  }

  function resolveTarget(target: string | HTMLElement): HTMLElement {
    const element = typeof target === "string" ? document.querySelector(target) : target
    if (element instanceof HTMLElement) return element
    throw new IntegrationError(`There is no element to mount the checkout on: ${String(target)}`)
  }

  function isFromPage(data: unknown): data is FromPage {
    return typeof data === "object" && data !== null && "type" in data
  }

  /** What is in the page for one mounting: the frame, and the ear for what it says. */
  function show(target: HTMLElement, clientSecret: string, onComplete: (() => void) | undefined): () => void {
    const frame = createFrame(clientSecret)
    const listen = (event: MessageEvent<unknown>) => {
      if (event.origin !== ORIGIN || event.source !== frame.contentWindow || !isFromPage(event.data)) return
      if (event.data.type === "resize") frame.style.height = `${event.data.height}px`
      if (event.data.type === "complete") onComplete?.()
      if (event.data.type === "redirect" && /^https?:/.test(event.data.url))
        window.location.assign(event.data.url)
    }
    window.addEventListener("message", listen)
    target.append(frame)
    return () => {
      window.removeEventListener("message", listen)
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

  async function createEmbeddedCheckoutPage(options: EmbeddedOptions): Promise<EmbeddedPage> {
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

  /** Stripe.js answers, and never rejects, when something can't be done. */
  function notYet(method: string) {
    return () =>
      Promise.resolve({
        error: { type: "api_error", message: `The Stripe stand-in does not have ${method} yet.` },
      })
  }

  function elements(): never {
    throw new IntegrationError("The Stripe stand-in does not have Elements yet.")
  }

  function connect(key: string) {
    if (!/^pk_test_/.test(key))
      throw new IntegrationError("The Stripe stand-in takes publishable test keys only.")
    return {
      createEmbeddedCheckoutPage,
      elements,
      initEmbeddedCheckout: () => {
        throw new IntegrationError("initEmbeddedCheckout has been removed. Use createEmbeddedCheckoutPage.")
      },
      createToken: notYet("createToken"),
      createPaymentMethod: notYet("createPaymentMethod"),
      confirmCardPayment: notYet("confirmCardPayment"),
      confirmCardSetup: notYet("confirmCardSetup"),
      confirmPayment: notYet("confirmPayment"),
      confirmSetup: notYet("confirmSetup"),
      handleNextAction: notYet("handleNextAction"),
      retrievePaymentIntent: notYet("retrievePaymentIntent"),
      retrieveSetupIntent: notYet("retrieveSetupIntent"),
      registerAppInfo: () => undefined,
      _registerWrapper: () => undefined,
    }
  }

  Object.assign(window, { Stripe: Object.assign(connect, { version: "endive" }) })
})()
