"use client"

import { Toast } from "@base-ui/react/toast"
import { useEffect, useRef } from "react"
import { Icon } from "./icon"
import type { ToastMessage } from "./show-toast"

/** Long enough to reach the link by keyboard (F6). It pauses while hovered or focused. */
const TIMEOUT_MS = 10_000

export type ToastRegionProps = { messages: ToastMessage[] }

export function ToastRegion({ messages }: ToastRegionProps) {
  return (
    <Toast.Provider limit={3} timeout={TIMEOUT_MS}>
      <Toast.Portal>
        {/* `<Toasts>` already reads the words out. Here they would be read a second time. */}
        <Toast.Viewport
          aria-live="off"
          className="fixed inset-x-4 bottom-4 z-60 flex flex-col gap-2 outline-none sm:right-6 sm:bottom-6 sm:left-auto sm:w-[22rem]"
        >
          <ToastList messages={messages} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList({ messages }: ToastRegionProps) {
  const { toasts, add } = Toast.useToastManager<Pick<ToastMessage, "link" | "tone">>()
  const shown = useRef(0)

  useEffect(() => {
    for (const { title, link, tone } of messages.slice(shown.current)) add({ title, data: { link, tone } })
    shown.current = messages.length
  }, [messages, add])

  return toasts.map((toast) => (
    <Toast.Root
      className="rounded-control border border-border bg-surface shadow-lg transition-[opacity,translate] duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
      key={toast.id}
      swipeDirection={["down", "right"]}
      toast={toast}
    >
      <Toast.Content className="flex items-center gap-3 py-2 pr-2 pl-4">
        {toast.data?.tone === "under-way" ? (
          <Icon className="text-muted" name="clock" />
        ) : (
          <Icon className="text-positive" name="check" />
        )}
        <div className="min-w-0 flex-1 py-1.5">
          <Toast.Title className="text-body font-medium" render={<p />} />
          {toast.data?.link && (
            <a
              className="text-caption font-medium text-accent underline underline-offset-4"
              href={toast.data.link.href}
              rel="noopener noreferrer"
              target="_blank"
            >
              {toast.data.link.label}
            </a>
          )}
        </div>
        <Toast.Close
          aria-label="Dismiss"
          className="grid size-9 shrink-0 place-items-center self-start rounded-control text-muted hover:bg-sunken hover:text-text"
        >
          <Icon name="close" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
