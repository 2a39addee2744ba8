import type { Settings } from "@/components/auto-top-up/auto-top-up-types"
import { problemOf } from "@/components/ui/problems"
import type { SaveForm } from "@/lib/auto-top-up/decide-save"
import {
  amountAboveCap,
  capSchema,
  exceedsCap,
  THRESHOLD_ABOVE_AMOUNT,
  TOP_UP_DEFAULTS,
  thresholdSchema,
  topUpAmountSchema,
} from "@/lib/auto-top-up/schema"
import { toDecimalString } from "@/lib/money/usd"

export type Typed = { enabled: boolean; threshold: string; amount: string; cap: string; hasNoCap: boolean }

export type Problems = {
  threshold?: string
  amount?: string
  cap?: string
  paymentMethod?: string
  form?: string
}

/**
 * Returns each field's problem, and the form that the fields make together. The form is null while there is a
 * problem.
 */
export function checkSettings(typed: Typed): { problems: Problems; form: SaveForm | null } {
  const threshold = thresholdSchema.safeParse(typed.threshold)
  const amount = topUpAmountSchema.safeParse(typed.amount)
  const cap = typed.hasNoCap ? ({ success: true, data: null } as const) : capSchema.safeParse(typed.cap)
  const problems: Problems = {}
  if (!threshold.success) problems.threshold = problemOf(threshold.error)
  if (!amount.success) problems.amount = problemOf(amount.error)
  if (!cap.success) problems.cap = problemOf(cap.error)
  if (!threshold.success || !amount.success || !cap.success) return { problems, form: null }
  if (threshold.data > amount.data) problems.threshold = THRESHOLD_ABOVE_AMOUNT
  if (typed.enabled && cap.data !== null && exceedsCap(amount.data, cap.data))
    problems.amount = amountAboveCap(cap.data)
  if (Object.keys(problems).length > 0) return { problems, form: null }
  const form = { enabled: typed.enabled, thresholdNanos: threshold.data, amountNanos: amount.data }
  return { problems, form: { ...form, capNanos: cap.data } }
}

/** The fields' first values: what was saved, or the usual start. */
export function savedTexts(settings: Settings | null): { threshold: string; amount: string } {
  if (!settings) return TOP_UP_DEFAULTS
  return {
    threshold: toDecimalString(settings.thresholdNanos),
    amount: toDecimalString(settings.amountNanos),
  }
}

/** Keeps the saved values of hidden fields when auto top-up is saved off: a field that nobody sees can't be wrong. */
export function withHiddenAsSaved(typed: Typed, settings: Settings | null): Typed {
  if (typed.enabled) return typed
  const { threshold, amount } = checkSettings(typed).problems
  return threshold || amount ? { ...typed, ...savedTexts(settings) } : typed
}

/** Names what the dry run waits for while a field is wrong. */
export function missingInWords(typed: Typed): string {
  const { threshold, amount, cap } = checkSettings(typed).problems
  const wrong = [threshold && "threshold", amount && "purchase amount", cap && "monthly cap"].filter(Boolean)
  const last = wrong.pop()
  const names = wrong.length > 0 ? `${wrong.join(", ")} and ${last}` : last
  return `Enter a valid ${names} to see what would have been charged in the last 30 days.`
}

/** Whether the amount is wrong only because of the cap, so that raising the cap helps. */
export function isAmountAboveCap(typed: Typed): boolean {
  return (
    checkSettings(typed).problems.amount !== undefined && topUpAmountSchema.safeParse(typed.amount).success
  )
}
