export type ToastMessage = {
  title: string
  /** `done` has a check mark. `under-way` says that more will come. */
  tone: "done" | "under-way"
  link?: { href: string; label: string } | null
}

type Listener = (message: ToastMessage) => void

let listener: Listener | null = null
const waiting: ToastMessage[] = []

/** Says something in the corner of the page and to screen readers. `<Toasts>` in the root layout shows it. */
export function showToast(message: ToastMessage): void {
  if (listener) listener(message)
  else waiting.push(message)
}

/** For `<Toasts>` alone: delivers what was said before it was there, then everything after. */
export function listenForToasts(onMessage: Listener): () => void {
  listener = onMessage
  for (const message of waiting.splice(0)) onMessage(message)
  return () => {
    if (listener === onMessage) listener = null
  }
}
