import { brandOf, cardProblems, formatCardNumber, formatExpiry } from "./card-fields"

type Outcome =
  | { kind: "succeeded" | "processing"; redirect: string | null }
  | { kind: "requires_action"; url: string }
  | { kind: "declined"; message: string }
  | { kind: "closed" }

const host = new URL(window.location.href).searchParams.get("host")
const embedded = window.parent !== window && host !== null

function tellHost(message: object): void {
  if (embedded) window.parent.postMessage(message, host)
}

function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new Error(`The page has no ${id}`)
  return element
}

function field(id: string): HTMLInputElement {
  return byId(id, HTMLInputElement)
}

function reportHeight(): void {
  tellHost({ type: "resize", height: Math.ceil(document.documentElement.getBoundingClientRect().height) })
}

function showProblem(id: string, message: string | null): void {
  const input = field(id)
  input.setAttribute("aria-invalid", String(message !== null))
  byId(`${id}-problem`, HTMLElement).textContent = message ?? ""
}

function chosenSavedCard(): string | null {
  const chosen = document.querySelector<HTMLInputElement>("input[name=method]:checked")
  return chosen && chosen.value !== "new" ? chosen.value : null
}

const EMAIL_PATTERN = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

/** Returns the ids of the wrong fields, each with its message on the page. */
function validate(): string[] {
  const email = field("email").value.trim()
  const card = chosenSavedCard()
    ? { number: null, expiry: null, cvc: null, name: null }
    : cardProblems({
        number: field("number").value,
        expiry: field("expiry").value,
        cvc: field("cvc").value,
        name: field("name").value,
      })
  const problems = { email: EMAIL_PATTERN.test(email) ? null : "Enter a valid email address.", ...card }
  for (const [id, message] of Object.entries(problems)) showProblem(id, message)
  return Object.entries(problems).flatMap(([id, message]) => (message === null ? [] : [id]))
}

function setBusy(busy: boolean): void {
  const button = byId("pay", HTMLButtonElement)
  button.disabled = busy
  button.dataset.busy = String(busy)
  byId("pay-label", HTMLElement).textContent = busy ? "Processing…" : (button.dataset.label ?? "Pay")
}

function showMessage(text: string | null): void {
  byId("message", HTMLElement).textContent = text ?? ""
  reportHeight()
}

function payload(): object {
  const email = field("email").value.trim()
  const saved = chosenSavedCard()
  if (saved) return { email, saved }
  const [month, year] = field("expiry").value.split("/")
  const save = document.getElementById("save")
  return {
    email,
    save: save instanceof HTMLInputElement && save.checked,
    card: {
      number: field("number").value.replaceAll(/\D/g, ""),
      expMonth: Number(month),
      expYear: 2000 + Number(year),
      name: field("name").value.trim(),
    },
  }
}

async function post(path: string, body: object): Promise<Outcome> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Outcome
}

/** Opens the bank's page in its own frame and waits for the cardholder's answer. */
function authenticate(url: string): Promise<Outcome> {
  const dialog = byId("authentication", HTMLDialogElement)
  const frame = document.createElement("iframe")
  frame.src = `${new URL(url).pathname}?nested=1`
  frame.title = "Authentication of your bank"
  dialog.replaceChildren(frame)
  dialog.showModal()
  return new Promise((resolve) => {
    window.addEventListener("message", function listen(event: MessageEvent<Outcome>) {
      if (event.origin !== window.location.origin || event.source !== frame.contentWindow) return
      window.removeEventListener("message", listen)
      dialog.close()
      dialog.replaceChildren()
      resolve(event.data)
    })
  })
}

function finish(outcome: Extract<Outcome, { redirect: string | null }>): void {
  if (outcome.redirect === null) {
    byId("checkout", HTMLElement).hidden = true
    byId("done", HTMLElement).hidden = false
    reportHeight()
    tellHost({ type: "complete" })
  } else if (embedded) tellHost({ type: "redirect", url: outcome.redirect })
  else window.location.assign(outcome.redirect)
}

async function pay(): Promise<void> {
  showMessage(null)
  const [firstProblem] = validate()
  reportHeight()
  if (firstProblem !== undefined) return field(firstProblem).focus()
  setBusy(true)
  let outcome = await post(`${window.location.pathname}/pay`, payload())
  if (outcome.kind === "requires_action") outcome = await authenticate(outcome.url)
  if (outcome.kind === "closed") return window.location.reload()
  if (outcome.kind === "succeeded" || outcome.kind === "processing") return finish(outcome)
  setBusy(false)
  showMessage(outcome.kind === "declined" ? outcome.message : "Something went wrong. Please try again.")
}

function start(): void {
  const number = field("number")
  number.addEventListener("input", () => {
    formatCardNumber(number)
    byId("brand", HTMLElement).textContent = brandOf(number.value)
  })
  const expiry = field("expiry")
  expiry.addEventListener("input", () => formatExpiry(expiry))
  for (const radio of document.querySelectorAll("input[name=method]")) {
    radio.addEventListener("change", () => {
      byId("new-card", HTMLElement).hidden = chosenSavedCard() !== null
      showMessage(null)
    })
  }
  byId("form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault()
    pay().catch(() => {
      setBusy(false)
      showMessage("The connection was lost. Please try again.")
    })
  })
  // The page arrives with it disabled: before this script listens, the form would be sent as a plain form.
  setBusy(false)
}

new ResizeObserver(reportHeight).observe(document.documentElement)
if (document.getElementById("form")) start()
