"use client"

import { useState } from "react"
import type { Method, SettingsActions } from "@/components/auto-top-up/auto-top-up-types"
import { MethodName } from "@/components/auto-top-up/charged-method"
import { Button } from "@/components/ui/button"
import { FormEnd } from "@/components/ui/form-end"
import { Notice } from "@/components/ui/notice"
import { useAction } from "@/components/ui/use-action"

type ChooseMethodStepProps = {
  methods: Method[]
  chosenId: string | null
  setDefault: SettingsActions["setDefault"]
  /** The amount, in words, that another card is charged as soon as it becomes the default. Null when nothing. */
  atOnce: string | null
  onAdd: () => void
  onCancel: () => void
  onChosen: (method: Method) => void
  onPendingChange: (pending: boolean) => void
}

const UNREACHABLE = "The default couldn’t be changed. Check your connection, then try again."

/** Chooses among the payment methods on file. The chosen one becomes the default for everything. */
export function ChooseMethodStep(props: ChooseMethodStepProps) {
  const { methods, chosenId, setDefault, atOnce, onAdd, onCancel, onChosen, onPendingChange } = props
  const [selected, setSelected] = useState(chosenId)
  const { pending, refusal, call } = useAction(setDefault, { unreachable: UNREACHABLE, onPendingChange })
  const method = methods.find(({ id }) => id === selected)

  async function choose() {
    if (!method) return
    if (method.id === chosenId) return onCancel()
    const result = await call({ paymentMethodId: method.id })
    if (result?.ok) onChosen(method)
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void choose()
      }}
    >
      <fieldset>
        <legend className="mb-3 text-caption text-muted">
          Plan, purchases and top-ups use the default card.
        </legend>
        <div className="divide-y divide-border overflow-hidden rounded-control border border-border">
          {methods.map((each) => (
            <MethodChoice
              isSelected={each.id === selected}
              key={each.id}
              method={each}
              onSelect={() => setSelected(each.id)}
            />
          ))}
        </div>
      </fieldset>
      <div>
        <Button onClick={onAdd} size="small">
          Add payment method
        </Button>
      </div>
      {atOnce && selected !== chosenId && <Notice tone="warning">{atOnce}</Notice>}
      <FormEnd cancelLabel="Back" onCancel={onCancel} pending={pending} problem={refusal?.message}>
        <Button disabled={!method} pending={pending} type="submit" variant="primary">
          Make default
        </Button>
      </FormEnd>
    </form>
  )
}

function MethodChoice(props: { method: Method; isSelected: boolean; onSelect: () => void }) {
  const { method, isSelected, onSelect } = props
  const isOff = method.unusable !== null
  return (
    <label className={`flex items-start gap-3 px-4 py-3 ${isOff ? "" : "cursor-pointer hover:bg-sunken"}`}>
      <input
        checked={isSelected}
        className="mt-1 size-4 shrink-0 accent-accent"
        disabled={isOff}
        name="payment-method"
        onChange={onSelect}
        type="radio"
        value={method.id}
      />
      <span className="min-w-0">
        <MethodName method={method} />
        {method.unusable && <span className="block text-caption text-muted">{method.unusable}</span>}
      </span>
    </label>
  )
}
