import { brandOf, type CardFields, cardProblems, formatCardNumber, formatExpiry } from "./card-fields"
import type { FrameCall, FromFrame, ToFrame } from "./host/messages"

const host = new URL(window.location.href).searchParams.get("host")
const form = document.getElementById("card")

/** Stripe's own codes for the problems. */
const CODES: Record<string, string> = {
  number: "incomplete_number",
  expiry: "incomplete_expiry",
  cvc: "incomplete_cvc",
}

function tellHost(message: FromFrame): void {
  if (host && window.parent !== window) window.parent.postMessage(message, host)
}

function field(id: string): HTMLInputElement {
  const element = document.getElementById(id)
  if (!(element instanceof HTMLInputElement)) throw new Error(`The page has no ${id}`)
  return element
}

function values(): CardFields {
  return { number: field("number").value, expiry: field("expiry").value, cvc: field("cvc").value, name: "-" }
}

function showProblem(id: string, message: string | null): void {
  field(id).setAttribute("aria-invalid", String(message !== null))
  const problem = document.getElementById(`${id}-problem`)
  if (problem) problem.textContent = message
}

function validate(): object {
  const problems = Object.entries(cardProblems(values())).filter(([id]) => id !== "name")
  for (const [id, message] of problems) showProblem(id, message)
  const [id, message] = problems.find(([, problem]) => problem !== null) ?? []
  if (!id || !message) return {}
  field(id).focus()
  return { error: { type: "validation_error", code: CODES[id], message } }
}

function reportChange(): void {
  const given = values()
  const isEmpty = !given.number && !given.expiry && !given.cvc
  const complete = Object.values(cardProblems(given)).every((problem) => problem === null)
  tellHost({ type: "change", empty: isEmpty, complete })
}

function card(): object {
  const { number, expiry } = values()
  const [month, year] = expiry.split("/")
  return { number: number.replaceAll(/\D/g, ""), expMonth: Number(month), expYear: 2000 + Number(year) }
}

async function send(path: string, body?: object): Promise<object> {
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  })
  return (await response.json()) as object
}

function withCard(path: string, params: object): Promise<object> | object {
  const problem = validate()
  return "error" in problem ? problem : send(path, { card: card(), params })
}

function clear(): void {
  if (!(form instanceof HTMLFormElement)) return
  form.reset()
  for (const id of Object.keys(CODES)) showProblem(id, null)
  reportChange()
}

async function run(call: FrameCall): Promise<object> {
  switch (call.method) {
    case "validate":
      return validate()
    case "retrieve":
      return send(`/elements/intents/${encodeURIComponent(call.secret)}`)
    case "confirm": {
      const path = `/elements/intents/${encodeURIComponent(call.secret)}/confirm`
      return call.usesFields ? withCard(path, call.params) : send(path, { params: call.params })
    }
    case "createPaymentMethod":
      return withCard("/elements/payment_methods", call.params)
    case "theme":
      document.documentElement.classList.toggle("dark", call.dark)
      document.documentElement.classList.toggle("light", !call.dark)
      return {}
    case "focus":
      field("number").focus()
      return {}
    case "blur":
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      return {}
    case "clear":
      clear()
      return {}
  }
}

window.addEventListener("message", async (event: MessageEvent<ToFrame>) => {
  if (event.origin !== host || event.source !== window.parent) return
  const { id, ...call } = event.data
  const lost = {
    error: { type: "api_connection_error", message: "The connection was lost. Please try again." },
  }
  tellHost({ type: "answer", id, answer: await run(call).catch(() => lost) })
})

function start(fields: HTMLElement): void {
  fields.addEventListener("submit", (event) => event.preventDefault())
  fields.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return
    if (target.id === "number") {
      formatCardNumber(target)
      const brand = document.getElementById("brand")
      if (brand) brand.textContent = brandOf(target.value)
    }
    if (target.id === "expiry") formatExpiry(target)
    showProblem(target.id, null)
    reportChange()
  })
  fields.addEventListener("focusin", () => tellHost({ type: "focus" }))
  fields.addEventListener("focusout", (event) => {
    if (event.relatedTarget === null) tellHost({ type: "blur" })
  })
  fields.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tellHost({ type: "escape" })
  })
  new ResizeObserver(() => {
    const { height } = document.documentElement.getBoundingClientRect()
    tellHost({ type: "resize", height: Math.ceil(height) })
  }).observe(document.documentElement)
}

if (form) start(form)
if (form?.dataset.missing === "true") {
  const message = "There is no intent with this client secret."
  tellHost({ type: "loaderror", error: { type: "invalid_request_error", code: "resource_missing", message } })
} else tellHost({ type: "ready" })
