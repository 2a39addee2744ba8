"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import type { ChangingActions, PaymentMethodEntry } from "@/components/payment-methods/payment-method-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"

const UNREACHABLE = "The default couldn’t be changed. Check your connection, then try again."

type MakeDefaultButtonProps = { method: PaymentMethodEntry; setDefault: ChangingActions["setDefault"] }

export function MakeDefaultButton({ method, setDefault }: MakeDefaultButtonProps) {
  const router = useRouter()
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  // Beside `pending`, because a second click can come before React has rendered the first one's.
  const isPending = useRef(false)

  async function choose() {
    if (isPending.current) return
    isPending.current = true
    setPending(true)
    setProblem(null)
    const result = await setDefault({ paymentMethodId: method.id }).catch(() => null)
    isPending.current = false
    setPending(false)
    // Also after a refusal: the list may have changed meanwhile.
    router.refresh()
    if (!result?.ok) return setProblem(result?.message ?? UNREACHABLE)
    showToast({ tone: "done", title: `${method.name} is the default now.` })
    // The button disappears with the choice, so the focus moves to the page.
    document.getElementById("main")?.focus()
  }

  return (
    <span className="flex min-w-0 flex-col items-end gap-1 max-sm:items-start">
      <Button
        aria-label={`Make ${method.spokenName} the default`}
        onClick={choose}
        pending={pending}
        size="small"
      >
        Make default
      </Button>
      {problem && (
        <span className="max-w-[36ch] text-caption text-danger sm:text-right" role="alert">
          {problem}
        </span>
      )}
    </span>
  )
}
