"use client"

import type { PlanOption } from "@/components/plan/plan-types"
import { classNames } from "@/components/ui/class-names"
import { Icon } from "@/components/ui/icon"
import { SupportLink } from "@/components/ui/support-link"
import type { SoldPlan } from "@/lib/billing/schema"
import { formatUsd } from "@/lib/money/usd"

type PlanChoiceProps = {
  options: PlanOption[]
  chosen: SoldPlan | null
  onChoose: (plan: SoldPlan) => void
  supportHref: string | null
}

export function PlanChoice({ options, chosen, onChoose, supportHref }: PlanChoiceProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">Plans</legend>
      {options.map((option) => (
        <PlanRow
          checked={option.plan === chosen}
          key={option.plan}
          onChoose={() => onChoose(option.plan)}
          option={option}
        />
      ))}
      <p className="flex items-baseline justify-between gap-4 rounded-control border border-dashed border-border px-4 py-3">
        <span className="font-medium">Enterprise</span>
        <span className="text-caption text-muted">
          By contract.
          {supportHref && (
            <>
              {" "}
              <SupportLink href={supportHref}>Contact us</SupportLink>
            </>
          )}
        </span>
      </p>
    </fieldset>
  )
}

function PlanRow({
  option,
  checked,
  onChoose,
}: {
  option: PlanOption
  checked: boolean
  onChoose: () => void
}) {
  const id = `plan-${option.plan}`
  return (
    <div
      className={classNames(
        "relative flex gap-3 rounded-control border px-4 py-3 transition-colors duration-100",
        checked ? "border-accent bg-accent-soft" : "border-border hover:bg-sunken",
      )}
    >
      <span className="relative z-10 mt-0.5 grid size-5 shrink-0 place-items-center">
        <input
          aria-describedby={`${id}-gives`}
          checked={checked}
          className="peer col-start-1 row-start-1 size-5 appearance-none rounded-full border border-border-strong bg-surface checked:border-accent checked:bg-accent"
          id={id}
          name="plan"
          onChange={onChoose}
          type="radio"
          value={option.plan}
        />
        <span className="pointer-events-none col-start-1 row-start-1 size-2 rounded-full bg-on-accent opacity-0 peer-checked:opacity-100" />
      </span>
      <div className="min-w-0 flex-1">
        {/* Extends over the row, so that a finger needn't hit the circle. */}
        <label
          className="flex flex-wrap items-baseline justify-between gap-x-4 after:absolute after:inset-0"
          htmlFor={id}
        >
          <span className="font-medium">{option.name}</span>
          <span className="tabular-nums">
            <span className="font-medium">{formatUsd(option.monthlyNanos)}</span>
            <span className="text-caption text-muted"> per member a month</span>
          </span>
        </label>
        <ul className="mt-1 text-caption text-muted" id={`${id}-gives`}>
          {option.gives.map((gift) => (
            <li className="flex items-start gap-1.5" key={gift}>
              <Icon className="mt-0.5 size-3.5" name="check" />
              {gift}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
