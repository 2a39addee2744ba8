import { API_ERRORS, ERRORS_PATH, type ErrorCode, errorSlug } from "./errors"

export type ReferencePage = { label: string; href: string; about: string }

export const REFERENCE_PATH = "/reference"

export const GUIDE: ReferencePage = {
  label: "API guide",
  href: `${REFERENCE_PATH}/api-and-sdk`,
  about: "Keys, idempotency, and each endpoint of the metering API with an example.",
}
const ERRORS: ReferencePage = {
  label: "Errors",
  href: ERRORS_PATH,
  about: "Every error the API answers with: what happened, and what to do.",
}
export const WEBHOOKS: ReferencePage = {
  label: "Webhooks",
  href: `${REFERENCE_PATH}/api-and-sdk/webhooks`,
  about: "The requests that your systems receive, how to verify them, and how to answer.",
}
export const ADD_ON_CREDITS: ReferencePage = {
  label: "Add-on credits",
  href: `${REFERENCE_PATH}/billing/add-on-credits`,
  about: "See the balance, purchase credits, and let auto top-up keep it from running dry.",
}
export const WHO_PAYS: ReferencePage = {
  label: "Who pays",
  href: `${REFERENCE_PATH}/billing/who-pays`,
  about: "Which pool a run draws from, and in which order it is used.",
}
export const RATES: ReferencePage = {
  label: "Rates",
  href: `${REFERENCE_PATH}/rates`,
  about: "What each plan costs and includes, and the price of usage beyond that.",
}

/** The section's pages, grouped as in its navigation. */
export const REFERENCE_GROUPS: { label: string; pages: ReferencePage[] }[] = [
  { label: "API", pages: [GUIDE, WEBHOOKS, ERRORS] },
  { label: "Billing", pages: [RATES, ADD_ON_CREDITS, WHO_PAYS] },
]

/** Returns the page about one error. */
export function errorPage(code: ErrorCode): ReferencePage {
  const { title, summary } = API_ERRORS.find((error) => error.code === code) ?? API_ERRORS[0]
  return { label: title, href: `${ERRORS_PATH}/${errorSlug(code)}`, about: summary }
}
