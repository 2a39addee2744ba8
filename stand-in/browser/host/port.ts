import { createFrame, listenTo, ORIGIN } from "./frame"
import type { FrameCall, FrameEvent, FromFrame, StripeJsError, ToFrame } from "./messages"

const READY_WITHIN_MS = 15_000

export const UNREACHABLE: StripeJsError = {
  type: "api_connection_error",
  message: "The connection to Stripe was lost. Please try again.",
}

export interface Port {
  /** Waits until the frame is there. Resolves with `{ error }`, and never rejects, if it doesn't come or has gone. */
  call: <T extends object>(call: FrameCall) => Promise<T | { error: StripeJsError }>
  close: () => void
}

/** Sends questions to one frame and receives its answers. */
export function openPort(frame: HTMLIFrameElement, onEvent: (event: FrameEvent) => void): Port {
  const open = new Map<number, (answer: object) => void>()
  let lastId = 0
  let settleReady: (isReady: boolean) => void = () => undefined
  const ready = new Promise<boolean>((resolve) => {
    settleReady = resolve
  })
  const overdue = setTimeout(() => {
    onEvent({ type: "loaderror", error: UNREACHABLE })
    settleReady(false)
  }, READY_WITHIN_MS)

  const stopListening = listenTo(frame, (data) => {
    const said = data as FromFrame
    if (said.type === "answer") {
      open.get(said.id)?.(said.answer)
      open.delete(said.id)
      return
    }
    if (said.type === "ready" || said.type === "loaderror") {
      clearTimeout(overdue)
      settleReady(true)
    }
    onEvent(said)
  })

  return {
    async call<T extends object>(call: FrameCall) {
      if (!(await ready)) return { error: UNREACHABLE }
      return new Promise<T | { error: StripeJsError }>((resolve) => {
        lastId += 1
        open.set(lastId, (answer) => resolve(answer as T))
        const message: ToFrame = { ...call, id: lastId }
        frame.contentWindow?.postMessage(message, ORIGIN)
      })
    },
    close() {
      clearTimeout(overdue)
      settleReady(false)
      stopListening()
      for (const answer of open.values()) answer({ error: UNREACHABLE })
      open.clear()
    },
  }
}

let controller: Port | null = null

/** The frame for everything that needs no fields. The page has one, created when first needed. */
export function controllerPort(): Port {
  if (controller) return controller
  const frame = createFrame({
    path: "/elements/controller",
    name: "controller",
    title: "Secure connection to the Stripe stand-in",
    style: { position: "fixed", width: "1px", height: "1px", top: "0", left: "0", opacity: "0" },
  })
  frame.style.pointerEvents = "none"
  frame.tabIndex = -1
  frame.setAttribute("aria-hidden", "true")
  controller = openPort(frame, (event) => {
    // The next call tries again with a new frame.
    if (event.type !== "loaderror") return
    controller = null
    frame.remove()
  })
  document.body.append(frame)
  return controller
}
