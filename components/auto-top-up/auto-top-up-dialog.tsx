"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import type { Method, SettingsDialogData } from "@/components/auto-top-up/auto-top-up-types"
import { ChooseMethodStep } from "@/components/auto-top-up/choose-method-step"
import { atOnceInWords } from "@/components/auto-top-up/save-words"
import { SettingsForm } from "@/components/auto-top-up/settings-form"
import { useSettingsForm } from "@/components/auto-top-up/use-settings-form"
import { AddCardStep } from "@/components/payment-methods/add-card-step"
import { Dialog } from "@/components/ui/dialog"

type AutoTopUpDialogProps = {
  open: boolean
  data: SettingsDialogData
  /** The part of the dialog that the person asked for. */
  startsAt: "switch" | "cap"
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
  onSaved: (isOn: boolean, isCharging: boolean) => void
  onAsked: () => void
}

type Step = "settings" | "choose" | "card"

const TITLES: Record<Step, string> = {
  settings: "Auto Top-Up",
  choose: "Choose a payment method",
  card: "Add payment method",
}

/** Mount it with a new key for each opening, so that it shows what was saved and not what was typed and abandoned. */
export function AutoTopUpDialog(props: AutoTopUpDialogProps) {
  const { open, data: latest, startsAt, buttonRef, onClose, onSaved, onAsked } = props
  // The data as of opening. The dialog must not present somebody else's later save as if it had been on the screen
  // all along.
  const [data] = useState(latest)
  const [step, setStep] = useState<Step>("settings")
  const [pending, setPending] = useState(false)
  const switchRef = useRef<HTMLElement>(null)
  const { method, outlook, choose } = useChosenMethod(latest)
  const settings = useSettingsForm({ data, outlook, method, onSaved, onAsked })
  return (
    <Dialog
      address="auto-top-up"
      closesOnOutsidePress={step === "settings"}
      description={data.ownerName ? `For ${data.ownerName}’s credits` : "For your team’s credits"}
      finalFocus={buttonRef}
      initialFocus={startsAt === "cap" ? settings.inputs.cap : switchRef}
      onOpenChange={(nextOpen) => {
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={TITLES[step]}
    >
      {/* Stays mounted while a card is chosen, so that what was typed is kept. */}
      <div hidden={step !== "settings"}>
        <SettingsForm
          committedNanos={latest.outlook.state.committedNanos}
          data={data}
          method={method}
          onCancel={onClose}
          onChangeMethod={() => setStep(latest.methods.length > 0 ? "choose" : "card")}
          settings={settings}
          showsCap={data.settings !== null || startsAt === "cap"}
          switchRef={switchRef}
        />
      </div>
      {step === "choose" && (
        <ChooseMethodStep
          atOnce={atOnceInWords(outlook)}
          chosenId={method?.id ?? null}
          methods={latest.methods}
          onAdd={() => setStep("card")}
          onCancel={() => setStep("settings")}
          onChosen={(chosen) => {
            choose(chosen)
            setStep("settings")
          }}
          onPendingChange={setPending}
          setDefault={data.actions.setDefault}
        />
      )}
      {step === "card" && (
        <AddCardStep
          actions={data.actions}
          // The card that is added here is the one to be charged.
          hasDefault={false}
          onCancel={() => setStep(latest.methods.length > 0 ? "choose" : "settings")}
          onPendingChange={setPending}
          onSaved={(saved) => {
            const name = saved?.name ?? "New card"
            choose({
              id: saved?.paymentMethodId ?? "",
              name,
              spokenName: saved?.name ?? "the new card",
              expires: null,
              isDefault: true,
              unusable: null,
            })
            setStep("settings")
          }}
          stripe={data.stripe}
        />
      )}
    </Dialog>
  )
}

/** Returns the method to charge: the default, or the one just chosen here until the page knows of it. */
function useChosenMethod({ methods, outlook }: SettingsDialogData) {
  const router = useRouter()
  const [chosen, setChosen] = useState<{ method: Method; since: number } | null>(null)
  const isNews = chosen !== null && outlook.asOf.getTime() <= chosen.since
  const method = isNews ? chosen.method : (methods.find(({ isDefault }) => isDefault) ?? null)
  const paymentMethod = isNews
    ? { fingerprint: chosen.method.id, isExpired: chosen.method.expires?.isExpired === true }
    : outlook.state.paymentMethod
  return {
    method,
    outlook: { ...outlook, state: { ...outlook.state, paymentMethod } },
    choose(next: Method) {
      setChosen({ method: next, since: outlook.asOf.getTime() })
      router.refresh()
    },
  }
}
