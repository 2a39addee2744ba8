"use client"

import { useRouter } from "next/navigation"
import type { ChangingActions, PaymentMethodEntry } from "@/components/payment-methods/payment-method-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"

const UNREACHABLE = "The default couldn’t be changed. Check your connection, then try again."

type MakeDefaultButtonProps = { method: PaymentMethodEntry; setDefault: ChangingActions["setDefault"] }

export function MakeDefaultButton({ method, setDefault }: MakeDefaultButtonProps) {
  const router = useRouter()
  const { pending, refusal, call } = useAction(setDefault, { unreachable: UNREACHABLE })

  async function choose() {
    const result = await call({ paymentMethodId: method.id })
    // Also after a refusal: the list may have changed meanwhile.
    if (result) router.refresh()
    if (!result?.ok) return
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
      {refusal && (
        <span className="max-w-[36ch] text-caption text-danger sm:text-right" role="alert">
          {refusal.message}
        </span>
      )}
    </span>
  )
}
