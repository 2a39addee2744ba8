import { html } from "hono/html"
import type Stripe from "stripe"
import { z } from "zod"
import { cardProblems } from "../browser/card-fields"
import { cardByNumber } from "../cards/cards"
import { createPaymentMethod } from "../objects/payment-method"
import type { World } from "../world/world"
import { field } from "./checkout"
import type { Html } from "./layout"

const typed = z.object({
  number: z.string().default(""),
  expiry: z.string().default(""),
  cvc: z.string().default(""),
  name: z.string().default(""),
})

export type TypedCard = z.infer<typeof typed>
type Problems = { [K in keyof TypedCard]?: string | null }

/** Reads the card from a plain form, or what is wrong with it. */
export function readCard(
  world: World,
  body: Record<string, unknown>,
): { method: Stripe.PaymentMethod } | { values: TypedCard; problems: Problems; message: string | null } {
  const values = typed.parse(body)
  const problems = cardProblems(values)
  if (Object.values(problems).some(Boolean)) return { values, problems, message: null }
  const card = cardByNumber(values.number.replaceAll(/\D/g, ""))
  if (!card) {
    const message = "Your card was declined. Only Stripe's test cards work here."
    return { values, problems: {}, message }
  }
  const [month, year] = values.expiry.split("/").map(Number)
  const expYear = 2000 + (year ?? 0)
  return { method: createPaymentMethod(world, { card, expMonth: month, expYear, name: values.name }) }
}

/** The fields with the labels of Stripe's own forms. The script only formats what is typed. */
export function cardInputs(values: Partial<TypedCard> = {}, problems: Problems = {}): Html {
  const of = (id: keyof TypedCard) => ({ id, value: values[id], problem: problems[id] })
  return html`
    ${field({ ...of("number"), label: "Card number", autocomplete: "cc-number", inputmode: "numeric", placeholder: "1234 1234 1234 1234" })}
    <div class="pair">
      ${field({ ...of("expiry"), label: "Expiration (MM / YY)", autocomplete: "cc-exp", inputmode: "numeric", placeholder: "MM / YY" })}
      ${field({ ...of("cvc"), label: "CVC", autocomplete: "cc-csc", inputmode: "numeric", placeholder: "CVC" })}
    </div>
    ${field({ ...of("name"), label: "Cardholder name", autocomplete: "cc-name", placeholder: "Full name on card" })}`
}
