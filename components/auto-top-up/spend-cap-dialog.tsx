"use client"

import { type RefObject, useRef, useState } from "react"
import type { Cap, SaveCap } from "@/components/auto-top-up/auto-top-up-types"
import { Button } from "@/components/ui/button"
import { Checkbox } from "@/components/ui/checkbox"
import { Dialog } from "@/components/ui/dialog"
import { MoneyField } from "@/components/ui/money-field"
import { Notice } from "@/components/ui/notice"
import { capSchema, DEFAULT_CAP_NANOS } from "@/lib/auto-top-up/schema"
import { formatUsd, toDecimalString } from "@/lib/money/usd"

type SpendCapDialogProps = {
  open: boolean
  cap: Cap
  committedNanos: bigint
  saveCap: SaveCap
  buttonRef: RefObject<HTMLButtonElement | null>
  onClose: () => void
  onSaved: () => void
}

export function SpendCapDialog(props: SpendCapDialogProps) {
  const { open, committedNanos, saveCap, buttonRef, onClose, onSaved } = props
  // As it was when it was opened: what somebody else saves meanwhile must not look as if it had been seen.
  const [cap] = useState(props.cap)
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(toDecimalString(cap.capNanos ?? DEFAULT_CAP_NANOS))
  const [hasNone, setHasNone] = useState(cap.capNanos === null)
  const [error, setError] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)

  async function save() {
    const parsed = capSchema.safeParse(text)
    if (!hasNone && !parsed.success) {
      setError(parsed.error.issues[0]?.message ?? "")
      input.current?.focus()
      return
    }
    setSaving(true)
    setProblem(null)
    const result = await saveCap({ version: cap.version, cap: hasNone ? null : text }).catch(() => null)
    setSaving(false)
    if (result?.ok) onSaved()
    else setProblem(result?.message ?? "It couldn’t be saved. Check your connection, then try again.")
  }

  return (
    <Dialog
      description="The most that auto top-ups of the whole team may add in a calendar month (UTC)"
      finalFocus={buttonRef}
      initialFocus={input}
      onOpenChange={(nextOpen) => {
        if (!nextOpen) onClose()
      }}
      open={open}
      title="Monthly spend cap"
    >
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {!hasNone && (
          <MoneyField
            error={error}
            hint={`${formatUsd(committedNanos)} charged or under way this month. One-time purchases don’t count.`}
            id="spend-cap"
            inputRef={input}
            label="Cap in USD"
            name="cap"
            onChange={(next) => {
              setText(next)
              setError(null)
            }}
            value={text}
          />
        )}
        <div className="overflow-hidden rounded-control border border-border">
          <Checkbox
            checked={hasNone}
            detail="Auto top-up then only keeps its limits of 3 an hour and 10 a day for each pool."
            id="no-cap"
            label="No cap"
            onChange={setHasNone}
          />
        </div>
        {problem && (
          <Notice announce tone="danger">
            {problem}
          </Notice>
        )}
        <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
          <Button onClick={onClose}>Cancel</Button>
          <Button pending={saving} type="submit" variant="primary">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
