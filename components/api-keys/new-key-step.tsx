"use client"

import { useEffect, useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { Icon } from "@/components/ui/icon"

type NewKeyStepProps = { apiKey: string; onDone: () => void }

const SENTENCE_ID = "new-key-sentence"
const KEY_ID = "new-key"

/** The one time that the key is on a screen. */
export function NewKeyStep({ apiKey, onDone }: NewKeyStepProps) {
  const text = useRef<HTMLParagraphElement>(null)
  const copyButton = useRef<HTMLButtonElement>(null)
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no")

  // The form that had the focus is gone.
  useEffect(() => copyButton.current?.focus(), [])

  async function copy() {
    try {
      await navigator.clipboard.writeText(apiKey)
      setCopied("yes")
    } catch {
      // Without HTTPS or without the person's consent there is no clipboard; copying by hand always works.
      if (text.current) getSelection()?.selectAllChildren(text.current)
      setCopied("failed")
    }
  }

  return (
    <div className="flex flex-col gap-4">
      <p id={SENTENCE_ID}>
        Copy it now and keep it where your program reads its secrets. It won’t be shown again.
      </p>
      <div className="flex flex-col gap-3 rounded-control border border-border bg-sunken p-4">
        <p className="font-medium break-all select-all" id={KEY_ID} ref={text}>
          {apiKey}
        </p>
        <Button
          aria-describedby={SENTENCE_ID}
          onClick={copy}
          ref={copyButton}
          variant={copied === "yes" ? "secondary" : "primary"}
        >
          <Icon name={copied === "yes" ? "check" : "copy"} />
          {copied === "yes" ? "Copied" : "Copy key"}
        </Button>
        <p aria-live="polite" className={copied === "failed" ? "text-caption" : "sr-only"}>
          {copied === "yes" && "The key is copied."}
          {copied === "failed" &&
            "Your browser doesn’t let this page copy. The key is selected: copy it by hand."}
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
