import { loadStripe } from "@stripe/stripe-js/pure"
import type { StripeConfig } from "./stripe-config"

type LoadedStripe = NonNullable<Awaited<ReturnType<typeof loadStripe>>>

let loading: Promise<LoadedStripe> | null = null

/** One Stripe for the life of the page. A failed load is forgotten, so that the next call tries again. */
export function loadStripeOnce(config: StripeConfig): Promise<LoadedStripe> {
  loading ??= load(config).catch((error) => {
    loading = null
    throw error
  })
  return loading
}

async function load({ publishableKey, stripeJsUrl }: StripeConfig): Promise<LoadedStripe> {
  // The loader uses an existing `window.Stripe` and then fetches nothing.
  if (stripeJsUrl && !("Stripe" in window)) await injectScript(stripeJsUrl)
  const stripe = await loadStripe(publishableKey)
  if (!stripe) throw new Error("Stripe.js is only for the browser")
  return stripe
}

function injectScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = src
    script.onload = () => resolve()
    script.onerror = () => {
      script.remove()
      reject(new Error(`${src} could not be loaded`))
    }
    document.head.append(script)
  })
}
