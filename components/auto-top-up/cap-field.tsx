import type { RefObject } from "react"
import type { Typed } from "@/components/auto-top-up/check-settings"
import { CheckboxBox } from "@/components/ui/checkbox"
import { MoneyField } from "@/components/ui/money-field"
import { formatUsd } from "@/lib/money/usd"

type CapFieldProps = {
  typed: Typed
  capNanos: bigint | null | undefined
  committedNanos: bigint
  problem: string | undefined
  inputRef: RefObject<HTMLInputElement | null>
  onChange: (more: Partial<Typed>) => void
  onBlur: () => void
}

/** The monthly limit on auto top-ups of the whole team, or none. */
export function CapField(props: CapFieldProps) {
  const { typed, capNanos, committedNanos, problem, inputRef, onChange, onBlur } = props
  const { cap, hasNoCap } = typed
  return (
    <div className="flex flex-col gap-2">
      {hasNoCap ? (
        <p className="text-caption">
          <span className="block font-medium">Monthly cap</span>
          <span className="text-muted">
            None: top-ups keep only their limits of 3 an hour and 10 a day for each pool.
          </span>
        </p>
      ) : (
        <MoneyField
          error={problem ?? null}
          hint={
            capNanos === 0n
              ? "A cap of $0.00 stops all auto top-ups of your team until you raise it."
              : `For your whole team, by calendar month (UTC). ${formatUsd(committedNanos)} used this month; one-time purchases don’t count.`
          }
          id="spend-cap"
          inputRef={inputRef}
          label="Monthly cap"
          name="cap"
          onBlur={onBlur}
          onChange={(text) => onChange({ cap: text })}
          value={cap}
        />
      )}
      <label className="flex w-fit items-center gap-3 py-1" htmlFor="no-cap">
        <CheckboxBox
          checked={hasNoCap}
          id="no-cap"
          onChange={(event) => onChange({ hasNoCap: event.target.checked })}
        />
        No cap
      </label>
    </div>
  )
}
