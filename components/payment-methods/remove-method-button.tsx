"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import type { ChangingActions, PaymentMethodEntry } from "@/components/payment-methods/payment-method-types"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Notice } from "@/components/ui/notice"
import { showToast } from "@/components/ui/show-toast"

const UNREACHABLE = "No answer came, so it may still be there. Check your connection, then try again."

type RemoveMethodButtonProps = {
  method: PaymentMethodEntry
  nextDefault: string | null
  removePaymentMethod: ChangingActions["removePaymentMethod"]
}

/** Asks once more, and says what it means. */
export function RemoveMethodButton({ method, nextDefault, removePaymentMethod }: RemoveMethodButtonProps) {
  const { id, name, spokenName, isDefault } = method
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const cancel = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const isRemoved = useRef(false)

  async function remove() {
    setPending(true)
    setProblem(null)
    const result = await removePaymentMethod({ paymentMethodId: id }).catch(() => null)
    setPending(false)
    if (!result?.ok) return setProblem(result?.message ?? UNREACHABLE)
    isRemoved.current = true
    setOpen(false)
    showToast({ tone: "done", title: `${name} is removed.` })
    router.refresh()
  }

  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-label={`Remove ${spokenName}`}
        // Alone under the words its text begins where theirs do.
        className="max-sm:first:-ml-3"
        onClick={() => {
          setProblem(null)
          setOpen(true)
        }}
        ref={button}
        size="small"
        variant="ghost"
      >
        Remove
      </Button>
      <Dialog
        // The button goes with its row, and the focus must not go with it: then the page's first control has it.
        finalFocus={() => (isRemoved.current ? document.getElementById("main") : button.current)}
        initialFocus={cancel}
        onOpenChange={(nextOpen) => {
          // Whoever asked learns what became of it.
          if (!pending) setOpen(nextOpen)
        }}
        open={open}
        title={`Remove ${name}?`}
      >
        <div className="flex flex-col gap-4">
          <p>{consequence({ isDefault, nextDefault })} You can add it again at any time.</p>
          {problem && (
            <Notice announce tone="danger">
              {problem}
            </Notice>
          )}
          <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
            <Button disabled={pending} onClick={() => setOpen(false)} ref={cancel}>
              Cancel
            </Button>
            <Button onClick={remove} pending={pending} variant="danger">
              Remove
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}

function consequence({ isDefault, nextDefault }: { isDefault: boolean; nextDefault: string | null }): string {
  if (nextDefault) return `It is no longer charged. ${nextDefault} becomes the default.`
  if (isDefault) return "It is your only payment method: the next purchase asks for a card again."
  return "It is no longer charged and no longer offered when you buy."
}
