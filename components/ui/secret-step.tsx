"use client"

import { useLayoutEffect, useRef, useState } from "react"
import { Button } from "./button"
import { useHoldDialog } from "./dialog"
import { Icon } from "./icon"

type SecretStepProps = {
  secret: string
  /** The secret's name: "key". */
  what: string
  /** Says what to do with it. */
  children: string
  onDone: () => void
}

const SENTENCE_ID = "secret-sentence"
const SECRET_ID = "secret"

/** Shows a secret the only time it is on a screen. Its dialog stays until it was copied or *Done* is pressed. */
export function SecretStep({ secret, what, children, onDone }: SecretStepProps) {
  const text = useRef<HTMLParagraphElement>(null)
  const copyButton = useRef<HTMLButtonElement>(null)
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no")

  useHoldDialog(copied !== "yes")

  // The form that had the focus disappears in the same moment, so nothing else moves the focus.
  useLayoutEffect(() => copyButton.current?.focus(), [])

  async function copy() {
    try {
      await navigator.clipboard.writeText(secret)
      setCopied("yes")
    } catch {
      // The clipboard needs HTTPS and the person's consent. Copying by hand always works.
      if (text.current) getSelection()?.selectAllChildren(text.current)
      setCopied("failed")
    }
  }

  return (
    <div className="flex flex-col gap-4">
      <p id={SENTENCE_ID}>{children} It won’t be shown again.</p>
      <div className="flex flex-col gap-3 rounded-control border border-border bg-sunken p-4">
        <p
          className="font-mono text-caption font-medium break-all select-all"
          id={SECRET_ID}
          onCopy={() => {
            if (getSelection()?.toString().includes(secret)) setCopied("yes")
          }}
          ref={text}
        >
          {secret}
        </p>
        <Button
          aria-describedby={SENTENCE_ID}
          onClick={copy}
          ref={copyButton}
          variant={copied === "yes" ? "secondary" : "primary"}
        >
          <Icon name={copied === "yes" ? "check" : "copy"} />
          {copied === "yes" ? "Copied" : `Copy ${what}`}
        </Button>
        <p aria-live="polite" className={copied === "failed" ? "text-caption" : "sr-only"}>
          {copied === "yes" && `The ${what} is copied.`}
          {copied === "failed" &&
            `Your browser doesn’t let this page copy. The ${what} is selected: copy it by hand.`}
        </p>
      </div>
      <div className="flex justify-end max-sm:flex-col">
        <Button onClick={onDone} variant={copied === "no" ? "secondary" : "primary"}>
          Done
        </Button>
      </div>
    </div>
  )
}
