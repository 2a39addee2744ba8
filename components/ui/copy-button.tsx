"use client"

import { useState } from "react"
import { buttonStyles } from "./button-styles"

type CopyButtonProps = {
  text: string
  /** Names what is copied, for screen readers. */
  what: string
  label?: string
}

const LABELS = { copied: "Copied", failed: "Select it to copy" }

/** Hidden without JavaScript, where it could do nothing. */
export function CopyButton({ text, what, label = "Copy" }: CopyButtonProps) {
  const [state, setState] = useState<keyof typeof LABELS | "ready">("ready")
  const copy = async () => {
    // The clipboard exists only on https and localhost, and a browser may refuse it.
    const isCopied = await Promise.resolve(navigator.clipboard?.writeText(text).then(() => true)).catch(
      () => false,
    )
    setState(isCopied ? "copied" : "failed")
    setTimeout(() => setState("ready"), 2_000)
  }
  return (
    <button
      className={buttonStyles("ghost", "small", "h-8! px-2.5! noscript:hidden")}
      onClick={copy}
      type="button"
    >
      <span>
        <span aria-live="polite">{state === "ready" ? label : LABELS[state]}</span>
        <span className="sr-only"> {what}</span>
      </span>
    </button>
  )
}
