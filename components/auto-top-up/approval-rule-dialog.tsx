"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { CheckboxBox } from "@/components/ui/checkbox"
import { Dialog } from "@/components/ui/dialog"
import { FormEnd } from "@/components/ui/form-end"
import { MoneyField } from "@/components/ui/money-field"
import { Notice } from "@/components/ui/notice"
import { problemOf } from "@/components/ui/problems"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import { isLoosened } from "@/lib/auto-top-up/needs-approval"
import { capSchema } from "@/lib/auto-top-up/schema"
import { toDecimalString } from "@/lib/money/usd"
import type { ApprovalActions, ApprovalRule } from "./approval-types"

type ApprovalRuleDialogProps = {
  open: boolean
  rule: ApprovalRule
  saveRule: ApprovalActions["saveRule"]
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
}

const UNREACHABLE = "It couldn’t be saved. Check your connection, then try again."

/** Mount it with a new key for each opening, so that it shows what holds. */
export function ApprovalRuleDialog({
  open,
  rule: latest,
  saveRule,
  buttonRef,
  onClose,
}: ApprovalRuleDialogProps) {
  const router = useRouter()
  const [rule] = useState(latest)
  const [isOn, setIsOn] = useState(rule.aboveNanos !== null)
  const [above, setAbove] = useState(toDecimalString(rule.aboveNanos ?? 500_000_000_000n))
  const [error, setError] = useState<string | null>(null)
  const box = useRef<HTMLInputElement>(null)
  const { pending, refusal, call } = useAction(saveRule, { unreachable: UNREACHABLE })
  const parsed = capSchema.safeParse(above)
  const next = !isOn ? null : parsed.success ? parsed.data : undefined
  const asks = next !== undefined && isLoosened(rule.aboveNanos, next)

  async function save() {
    if (isOn && !parsed.success) return setError(problemOf(parsed.error))
    const result = await call({ version: rule.version, above: isOn ? above : null })
    if (!result?.ok) return
    onClose()
    showToast({
      tone: "done",
      title:
        result.value.status === "pending"
          ? "Another Owner or Admin has to approve it. The rule holds until then."
          : "Saved.",
    })
    router.refresh()
  }

  return (
    <Dialog
      address="approval"
      description="For auto top-up in your whole team"
      finalFocus={buttonRef}
      initialFocus={box}
      onOpenChange={(nextOpen) => {
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title="Approval by a second person"
    >
      <form
        className="flex flex-col gap-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <label className="flex items-start gap-3" htmlFor="approval-on">
          <CheckboxBox
            checked={isOn}
            className="translate-y-0.5"
            id="approval-on"
            onChange={(event) => setIsOn(event.target.checked)}
            ref={box}
          />
          <span>
            <span className="block font-medium">Require approval</span>
            <span className="block text-caption text-muted">
              Another Owner or Admin approves a higher monthly cap, or a higher amount of a top-up, before it
              applies. Lowering never needs it.
            </span>
          </span>
        </label>
        {isOn && (
          <MoneyField
            error={error}
            hint="Up to this, one person is enough."
            id="approval-above"
            label="Above"
            name="above"
            onChange={(text) => {
              setAbove(text)
              setError(null)
            }}
            value={above}
          />
        )}
        <div aria-live="polite" className="empty:hidden">
          {asks && <Notice>This loosens the rule, so another Owner or Admin has to approve it.</Notice>}
        </div>
        <FormEnd onCancel={onClose} pending={pending} problem={refusal?.message}>
          <Button pending={pending} type="submit" variant="primary">
            {asks ? "Ask for approval" : "Save"}
          </Button>
        </FormEnd>
      </form>
    </Dialog>
  )
}
