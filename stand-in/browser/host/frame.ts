declare const STAND_IN_ORIGIN: string

export const ORIGIN = STAND_IN_ORIGIN

export class IntegrationError extends Error {
  override name = "IntegrationError"
}

export function resolveTarget(target: string | HTMLElement): HTMLElement {
  const element = typeof target === "string" ? document.querySelector(target) : target
  if (element instanceof HTMLElement) return element
  throw new IntegrationError(`There is no element to mount on: ${String(target)}`)
}

interface NewFrame {
  path: string
  query?: Record<string, string | undefined>
  name: string
  title: string
  style: Partial<CSSStyleDeclaration>
}

/**
 * Creates a page of the stand-in inside the shop's page. The style is set from here because the shop's policy allows
 * no style text.
 */
export function createFrame({ path, query = {}, name, title, style }: NewFrame): HTMLIFrameElement {
  const frame = document.createElement("iframe")
  const url = new URL(path, ORIGIN)
  url.searchParams.set("host", window.location.origin)
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value)
  frame.src = url.href
  frame.title = title
  frame.name = `stripe-stand-in-${name}`
  frame.allow = "payment *"
  Object.assign(frame.style, { border: "0", display: "block", width: "100%" }, style)
  return frame
}

/** Receives one frame's messages, until the returned function is called. */
export function listenTo(frame: HTMLIFrameElement, hear: (data: object) => void): () => void {
  const listen = (event: MessageEvent<unknown>) => {
    if (event.origin !== ORIGIN || event.source !== frame.contentWindow) return
    if (typeof event.data === "object" && event.data !== null && "type" in event.data) hear(event.data)
  }
  window.addEventListener("message", listen)
  return () => window.removeEventListener("message", listen)
}
