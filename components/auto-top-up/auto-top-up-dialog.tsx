"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useState } from "react"
import type { Method, SettingsDialogData } from "@/components/auto-top-up/auto-top-up-types"
import { SettingsForm } from "@/components/auto-top-up/settings-form"
import { AddCardStep } from "@/components/payment-methods/add-card-step"
import { Dialog } from "@/components/ui/dialog"

type AutoTopUpDialogProps = {
  open: boolean
  data: SettingsDialogData
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
  onSaved: (isOn: boolean) => void
}

/** Mount it anew (by key) for each opening: it shows what was saved, not what was typed and left. */
export function AutoTopUpDialog({ open, data: latest, buttonRef, onClose, onSaved }: AutoTopUpDialogProps) {
  // As it was when it was opened: what somebody else saves meanwhile must not look as if it had been seen.
  const [data] = useState(latest)
  const router = useRouter()
  const [step, setStep] = useState<"settings" | "card">("settings")
  const [pending, setPending] = useState(false)
  // A card that was added here is what is charged from now on.
  const [added, setAdded] = useState<Method | null>(null)
  const method = added ?? data.method
  return (
    <Dialog
      address="auto-top-up"
      closesOnOutsidePress={step === "settings"}
      description={data.ownerName ? `For ${data.ownerName}’s credits` : "For your team’s credits"}
      finalFocus={buttonRef}
      onOpenChange={(nextOpen) => {
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={step === "card" ? "Add payment method" : "Auto Top Up"}
    >
      {/* Stays while a card is added: what was typed is still there afterwards. */}
      <div hidden={step !== "settings"}>
        <SettingsForm
          data={data}
          method={method}
          onAddMethod={() => setStep("card")}
          onCancel={onClose}
          onSaved={onSaved}
        />
      </div>
      {step === "card" && (
        <AddCardStep
          actions={data.actions}
          // What is added here is what is to be charged.
          hasDefault={false}
          onCancel={() => setStep("settings")}
          onPendingChange={setPending}
          onSaved={(saved) => {
            setAdded({
              name: saved?.name ?? "New card",
              spokenName: saved?.name ?? "the new card",
              expires: null,
            })
            setStep("settings")
            router.refresh()
          }}
          pending={pending}
          stripe={data.stripe}
        />
      )}
    </Dialog>
  )
}
