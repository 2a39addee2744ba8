import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import type { Method, SettingsDialogData } from "@/components/auto-top-up/auto-top-up-types"
import {
  checkSettings,
  type Problems,
  savedTexts,
  type Typed,
  withHiddenAsSaved,
} from "@/components/auto-top-up/check-settings"
import { type SaveWords, saveInWords } from "@/components/auto-top-up/save-words"
import { useAction } from "@/components/ui/use-action"
import { decideOthers, decideSave, totalCharge } from "@/lib/auto-top-up/decide-save"
import { needsApproval } from "@/lib/auto-top-up/needs-approval"
import type { Outlook } from "@/lib/auto-top-up/outlook"
import { DEFAULT_CAP_NANOS } from "@/lib/auto-top-up/schema"
import type { ReadersNow } from "@/lib/format-time"
import { toDecimalString } from "@/lib/money/usd"

const ASKS_APPROVAL: SaveWords = {
  text: "Another Owner or Admin has to approve this. Nothing changes or is charged until then.",
  tone: "info",
  button: "Ask for approval",
}
const UNANSWERED = "It couldn’t be saved. Check your connection, then try again."

type Given = {
  /** Settings and cap as of opening the dialog. */
  data: SettingsDialogData
  /** The state as of the latest look. */
  outlook: Outlook
  method: Method | null
  onSaved: (isOn: boolean, isCharging: boolean) => void
  /** It waits for a second Owner or Admin. */
  onAsked: () => void
}

/** Holds what is typed, what is wrong with it, and what saving it would charge. */
export function useSettingsForm({ data, outlook, method, onSaved, onAsked }: Given) {
  const { settings, cap, poolId, actions } = data
  const router = useRouter()
  const [typed, setTyped] = useState<Typed>({
    ...savedTexts(settings),
    enabled: settings?.enabled ?? false,
    cap: toDecimalString(cap.capNanos ?? DEFAULT_CAP_NANOS),
    hasNoCap: cap.capNanos === null,
  })
  const [problems, setProblems] = useState<Problems>({})
  const { pending: saving, call } = useAction(actions.saveSettings, { unreachable: UNANSWERED })
  // The server's answer when it would have charged something other than the page had said.
  const [answered, setAnswered] = useState<Outlook | null>(null)
  const inputs = {
    threshold: useRef<HTMLInputElement>(null),
    amount: useRef<HTMLInputElement>(null),
    cap: useRef<HTMLInputElement>(null),
  }
  const { state, waiting, asOf } = answered && answered.asOf > outlook.asOf ? answered : outlook
  const { form } = checkSettings(withHiddenAsSaved(typed, settings))
  const asksApproval =
    form !== null &&
    needsApproval(data.approvalAboveNanos, { amountNanos: settings?.amountNanos ?? null, ...cap }, form)
  const decision = form && method && !asksApproval ? decideSave(state, form, asOf) : null
  const others = form && decision ? decideOthers(waiting, { state, form, decision }) : []
  const saveWords =
    form &&
    method &&
    decision &&
    saveInWords(decision, {
      state,
      form,
      othersNanos: others.reduce((sum, { amountNanos }) => sum + amountNanos, 0n),
      methodName: method.name,
      now: atReader(asOf),
    })

  const words = asksApproval ? ASKS_APPROVAL : saveWords

  function change(more: Partial<Typed>) {
    setTyped((before) => ({ ...before, ...more }))
    setProblems({})
  }

  async function save() {
    const sent = withHiddenAsSaved(typed, settings)
    const found = checkSettings(sent).problems
    setProblems(found)
    const wrong = (["threshold", "amount", "cap"] as const).find((field) => found[field] !== undefined)
    if (wrong) return inputs[wrong].current?.focus()
    const chargeNanos = decision ? totalCharge(decision, others) : 0n
    const agreedCharge =
      chargeNanos > 0n && method ? { amount: toDecimalString(chargeNanos), paymentMethodId: method.id } : null
    const { enabled, threshold, amount } = sent
    const newCap = { version: cap.version, amount: sent.hasNoCap ? null : sent.cap }
    const version = settings?.version ?? 0
    const result = await call({ poolId, version, enabled, threshold, amount, cap: newCap, agreedCharge })
    if (!result) return
    if (result.ok) {
      if (result.value.status === "saved") return onSaved(enabled, result.value.isCharging)
      if (result.value.status === "pending") return onAsked()
      setAnswered(result.value.outlook)
      // The card may have changed by now.
      return router.refresh()
    }
    const { field, message } = result
    const at = field && ["threshold", "amount", "cap", "paymentMethod"].includes(field) ? field : "form"
    setProblems({ [at]: message })
  }

  return {
    typed,
    change,
    problems,
    check: () => setProblems(checkSettings(typed).problems),
    inputs,
    form,
    words,
    saving,
    save,
    hasChanged: answered !== null,
  }
}

/** An open dialog runs in a browser, which knows its time zone. */
function atReader(at: Date): ReadersNow {
  return `${at.toISOString()}[${Intl.DateTimeFormat().resolvedOptions().timeZone}]`
}
