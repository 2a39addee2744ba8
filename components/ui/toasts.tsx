"use client"

import { type ComponentType, useEffect, useState } from "react"
// Listens from the start, for dialogs that open later.
import "./dialog-address"
import { listenForToasts, type ToastMessage } from "./show-toast"
import type { ToastRegionProps } from "./toast-region"

/** Stands in the root layout and costs nothing until the first toast, which fetches the real region. */
export function Toasts() {
  const [messages, setMessages] = useState<ToastMessage[]>([])
  const [Region, setRegion] = useState<ComponentType<ToastRegionProps> | null>(null)

  useEffect(() => listenForToasts((message) => setMessages((earlier) => [...earlier, message])), [])

  const needed = messages.length > 0
  useEffect(() => {
    if (!needed) return
    let mounted = true
    import("./toast-region").then(
      (region) => mounted && setRegion(() => region.ToastRegion),
      () => undefined,
    )
    return () => {
      mounted = false
    }
  }, [needed])

  return (
    <>
      <Announcer messages={messages} />
      {Region && <Region messages={messages} />}
    </>
  )
}

/**
 * In the page from the start, because screen readers don't read a live region that arrives together with its words.
 * The key makes repeated words be read again.
 */
function Announcer({ messages }: { messages: ToastMessage[] }) {
  return (
    <div aria-live="polite" className="sr-only" role="status">
      <p key={messages.length}>{messages.at(-1)?.title}</p>
    </div>
  )
}
