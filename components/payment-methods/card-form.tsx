"use client"

import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js"
import type { Stripe, StripeElements } from "@stripe/stripe-js"
import { type ReactNode, useState, useSyncExternalStore } from "react"
import { stripeAppearance } from "@/components/stripe/stripe-appearance"
import { Button } from "@/components/ui/button"
import { Checkbox } from "@/components/ui/checkbox"
import { addressWith } from "@/components/ui/dialog-address"
import { FormEnd } from "@/components/ui/form-end"
import { useAction } from "@/components/ui/use-action"

export type CardFormProps = {
  stripe: Stripe
  clientSecret: string
  hasDefault: boolean
  /** Takes the fields' place until they have loaded. */
  skeleton: ReactNode
  onPendingChange: (pending: boolean) => void
  onCancel: () => void
  onLoadFailed: () => void
  /** Returns a sentence if the card wasn't saved after all. */
  onConfirmed: (setupIntentId: string, makeDefault: boolean) => Promise<string | null>
}

export function CardForm({ stripe, clientSecret, ...rest }: CardFormProps) {
  const scheme = useSyncExternalStore(listenToScheme, readScheme)
  return (
    <Elements options={{ clientSecret, appearance: stripeAppearance(scheme) }} stripe={stripe}>
      <Fields {...rest} />
    </Elements>
  )
}

const UNANSWERED = "The card couldn’t be saved. Check your connection, then try again."
const CONSENT =
  "By adding this card you allow Credits to charge it for what your team buys and, while it is the default, for your plan and auto top-up."

function Fields(props: Omit<CardFormProps, "stripe" | "clientSecret">) {
  const { hasDefault, skeleton, onPendingChange, onCancel, onLoadFailed, onConfirmed } = props
  const [stripe, elements] = [useStripe(), useElements()]
  const [ready, setReady] = useState(false)
  const [makeDefault, setMakeDefault] = useState(!hasDefault)
  const { pending, refusal, call } = useAction(confirm, { unreachable: UNANSWERED, onPendingChange })
  // Stripe shows a field's own problem beside the field.
  const problem = refusal?.code === "validation_error" ? null : refusal?.message

  async function confirm(fields: { stripe: Stripe; elements: StripeElements }) {
    const { error, setupIntent } = await fields.stripe.confirmSetup({
      elements: fields.elements,
      redirect: "if_required",
      confirmParams: { return_url: new URL(addressWith(null), window.location.href).href },
    })
    const sentence = error ? (error.message ?? UNANSWERED) : await onConfirmed(setupIntent.id, makeDefault)
    return sentence === null
      ? { ok: true as const, value: null }
      : { ok: false as const, code: error?.type ?? "not_saved", message: sentence }
  }

  return (
    <form
      aria-busy={!ready}
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (stripe && elements) void call({ stripe, elements })
      }}
    >
      <div className="relative">
        {!ready && <div className="pointer-events-none absolute inset-x-0 top-0">{skeleton}</div>}
        <div className={ready ? undefined : "min-h-44 opacity-0"}>
          <PaymentElement
            onLoadError={onLoadFailed}
            onReady={(element) => {
              setReady(true)
              element.focus()
            }}
            options={{ terms: { card: "never" } }}
          />
        </div>
      </div>
      {hasDefault && (
        <div className="overflow-hidden rounded-control border border-border">
          <Checkbox
            checked={makeDefault}
            detail="From now on everything is charged to this card."
            id="make-default"
            label="Make it the default"
            onChange={setMakeDefault}
          />
        </div>
      )}
      <p className="text-caption text-muted">{CONSENT}</p>
      <FormEnd onCancel={onCancel} pending={pending} problem={problem}>
        <Button disabled={!ready} pending={pending} type="submit" variant="primary">
          Add card
        </Button>
      </FormEnd>
    </form>
  )
}

const DARK = "(prefers-color-scheme: dark)"

function readScheme(): "light" | "dark" {
  const { theme } = document.documentElement.dataset
  if (theme === "light" || theme === "dark") return theme
  return window.matchMedia(DARK).matches ? "dark" : "light"
}

function listenToScheme(onChange: () => void): () => void {
  const query = window.matchMedia(DARK)
  query.addEventListener("change", onChange)
  return () => query.removeEventListener("change", onChange)
}
