import { createEmitter } from "./emitter"
import { createFrame, IntegrationError, resolveTarget } from "./frame"
import type { FrameEvent } from "./messages"
import { openPort, type Port } from "./port"

export interface ElementsOptions {
  clientSecret?: string
  mode?: "payment" | "setup" | "subscription"
  appearance?: { theme?: string }
}

export interface PaymentElementOptions {
  terms?: { card?: string }
}

const KIND = { elementType: "payment" }

/** One card's fields in the shop's page. */
export class PaymentElement {
  port: Port | null = null
  private readonly events = createEmitter()
  private frame: HTMLIFrameElement | null = null
  private destroyed = false

  constructor(
    private readonly group: ElementsOptions,
    private options: PaymentElementOptions,
    private readonly onDestroy: () => void,
  ) {}

  mount(target: string | HTMLElement): this {
    if (this.destroyed) throw new IntegrationError("This Element has already been destroyed.")
    const parent = resolveTarget(target)
    if (this.frame?.parentElement === parent) return this
    this.unmount()
    const { clientSecret, mode, appearance } = this.group
    const dark = appearance?.theme === "night"
    const frame = createFrame({
      path: "/elements/payment",
      query: { intent: clientSecret, mode, theme: appearance?.theme, terms: this.options.terms?.card },
      name: "payment-element",
      title: "Secure payment input frame",
      // A frame stays transparent only while both sides have the same scheme.
      style: {
        height: "220px",
        margin: "-4px",
        width: "calc(100% + 8px)",
        colorScheme: dark ? "dark" : "light",
      },
    })
    this.frame = frame
    this.port = openPort(frame, (event) => this.hear(frame, event))
    parent.append(frame)
    this.events.emit("loaderstart", KIND)
    return this
  }

  unmount(): this {
    this.port?.close()
    this.frame?.remove()
    this.port = null
    this.frame = null
    return this
  }

  destroy(): this {
    if (this.destroyed) return this
    this.unmount()
    this.destroyed = true
    this.onDestroy()
    return this
  }

  on(type: string, handler: (event: object) => void): this {
    this.events.on(type, handler)
    return this
  }

  once(type: string, handler: (event: object) => void): this {
    this.events.once(type, handler)
    return this
  }

  off(type: string, handler?: (event: object) => void): this {
    this.events.off(type, handler)
    return this
  }

  update(options: PaymentElementOptions): this {
    this.options = { ...this.options, ...options }
    return this
  }

  setDark(dark: boolean): void {
    if (this.frame) this.frame.style.colorScheme = dark ? "dark" : "light"
    void this.port?.call({ method: "theme", dark })
  }

  focus(): void {
    void this.port?.call({ method: "focus" })
  }

  blur(): void {
    void this.port?.call({ method: "blur" })
  }

  clear(): void {
    void this.port?.call({ method: "clear" })
  }

  collapse(): this {
    return this
  }

  private hear(frame: HTMLIFrameElement, event: FrameEvent): void {
    if (event.type === "resize") {
      frame.style.height = `${event.height}px`
      return
    }
    const { type, ...more } = event
    const value = type === "change" ? { collapsed: false, value: { type: "card" } } : {}
    this.events.emit(type, { ...KIND, ...more, ...value })
  }
}
