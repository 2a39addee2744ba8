import type { Stripe } from "@stripe/stripe-js"
import { type ComponentType, useCallback, useEffect, useRef, useState } from "react"
import type { CardFormProps } from "@/components/payment-methods/card-form"
import type { AddingActions } from "@/components/payment-methods/payment-method-types"
import { loadStripeOnce } from "@/components/stripe/load-stripe"
import type { StripeConfig } from "@/components/stripe/stripe-config"
import { askUntil } from "@/components/ui/ask-until"
import type { FinishedAdding } from "@/lib/payment-methods/schema"

type Saved = Extract<FinishedAdding, { status: "saved" }>

type State =
  | { name: "opening" }
  | {
      name: "form"
      clientSecret: string
      stripe: Stripe
      Form: ComponentType<CardFormProps>
      onLoadFailed: () => void
    }
  | { name: "failed"; message: string }

const NOT_LOADED = "The card form couldn’t be loaded. Check your connection or ad blocker, then try again."
const NOT_OPENED = "The card form couldn’t be opened. Check your connection, then try again."
const NOT_SAVED = "The card wasn’t saved. Try again."
const PATIENCE = { tries: 3, pauseMs: 1_000 }

/** One opening of the dialog, from the form to the saved card. */
export function useAddingFlow({
  actions,
  stripeConfig,
}: {
  actions: AddingActions
  stripeConfig: StripeConfig
}) {
  const { publishableKey, stripeJsUrl } = stripeConfig
  const [state, setState] = useState<State>({ name: "opening" })
  const [attempt, setAttempt] = useState(1)
  const started = useRef(0)
  const { startAdding } = actions
  const fail = useCallback((message: string) => setState({ name: "failed", message }), [])

  useEffect(() => {
    // In development React runs an effect twice, which would open the form twice.
    if (started.current === attempt) return
    started.current = attempt
    const loading = Promise.all([
      import("@/components/payment-methods/card-form"),
      loadStripeOnce({ publishableKey, stripeJsUrl }),
    ]).catch(() => null)
    startAdding({ requestKey: crypto.randomUUID() })
      .catch(() => null)
      .then(async (result) => {
        if (!result?.ok) return fail(result?.message ?? NOT_OPENED)
        const loaded = await loading
        if (!loaded) return fail(NOT_LOADED)
        const [{ CardForm }, stripe] = loaded
        const { clientSecret } = result.value
        setState({ name: "form", clientSecret, stripe, Form: CardForm, onLoadFailed: () => fail(NOT_LOADED) })
      })
  }, [attempt, publishableKey, stripeJsUrl, startAdding, fail])

  function retry() {
    setState({ name: "opening" })
    setAttempt(attempt + 1)
  }

  /**
   * The card is saved at Stripe. If our server can't be reached, Stripe's event brings it. Returns a sentence if the
   * card wasn't saved after all.
   */
  async function finish(
    input: { setupIntentId: string; makeDefault: boolean },
    onSaved: (saved: Saved | null) => void,
  ): Promise<string | null> {
    const finished = await askUntil(
      PATIENCE,
      () => actions.finishAdding(input),
      (now) => now,
    )
    if (finished?.status === "not_saved") return NOT_SAVED
    onSaved(finished)
    return null
  }

  return { state, retry, finish }
}
