import { useEffect, useRef, useState } from "react"
import type { PurchaseActions, PurchaseOutcome } from "@/components/credits/purchase-types"
import { askUntil } from "@/components/ui/ask-until"
import { problemOf } from "@/components/ui/problems"
import { useAction } from "@/components/ui/use-action"
import { PURCHASE_DEFAULT_AMOUNT, type PurchaseProgress, purchaseAmountSchema } from "@/lib/purchases/schema"
import type { ActionResult } from "@/lib/web/action-result"

type Step = { name: "amount" } | { name: "checkout"; clientSecret: string } | { name: "confirming" }

type PurchaseFlowOptions = {
  poolId: string
  actions: PurchaseActions
  onInvalidAmount: () => void
  onSettled: (outcome: PurchaseOutcome) => void
}

const NOT_STARTED = "The payment couldn’t be started. Check your connection, then try again."
const NOT_PAID = "The payment didn’t go through. Nothing was charged."
const PATIENCE = { tries: 5, pauseMs: 1_000 }

/** One opening of the dialog, from the amount through the checkout to the payment's outcome. */
export function usePurchaseFlow({ poolId, actions, onInvalidAmount, onSettled }: PurchaseFlowOptions) {
  const [step, setStep] = useState<Step>({ name: "amount" })
  const [amount, setAmountText] = useState<string>(PURCHASE_DEFAULT_AMOUNT)
  const [amountError, setAmountError] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const starting = useAction(startPurchase, { unreachable: NOT_STARTED })
  const request = useRef<{ amount: string; key: string } | null>(null)
  const openPurchaseId = useRef<string | null>(null)
  const cancelling = useRef<Promise<unknown>>(Promise.resolve())
  const closed = useRef(false)

  useEffect(() => {
    closed.current = false
    return () => {
      closed.current = true
    }
  }, [])

  function setAmount(text: string) {
    setAmountText(text)
    setProblem(null)
    if (amountError) setAmountError(amountErrorOf(text))
  }

  async function start() {
    const error = amountErrorOf(amount)
    setAmountError(error)
    if (error) return onInvalidAmount()
    setProblem(null)
    const result = await starting.call()
    if (!result) return
    if (result.ok) openPurchaseId.current = result.value.purchaseId
    // A refused key stays refused, so the next try is another purchase.
    else request.current = null
    if (closed.current) return abandon()
    if (result.ok) return setStep({ name: "checkout", clientSecret: result.value.clientSecret })
    if (result.field !== "amount") return setProblem(result.message)
    setAmountError(result.message)
    onInvalidAmount()
  }

  async function startPurchase() {
    await cancelling.current
    if (request.current?.amount !== amount) request.current = { amount, key: crypto.randomUUID() }
    return actions.startPurchase({ amount, requestKey: request.current.key, poolId })
  }

  /** Leaves an open checkout unpaid, and drops its key: a cancelled purchase can't be paid any more. */
  function abandon() {
    const purchaseId = openPurchaseId.current
    openPurchaseId.current = null
    request.current = null
    if (purchaseId) cancelling.current = cancel(purchaseId)
  }

  /** It may have been paid at the last moment. The person is told then, so that nobody pays twice. */
  async function cancel(purchaseId: string) {
    const result = await actions.cancelPurchase({ purchaseId }).catch(() => null)
    if (result?.ok && isPaid(result.value)) onSettled(result.value)
  }

  function backToAmount() {
    abandon()
    setStep({ name: "amount" })
  }

  function close() {
    closed.current = true
    abandon()
  }

  async function complete() {
    const purchaseId = openPurchaseId.current
    if (!purchaseId) return
    openPurchaseId.current = null
    setStep({ name: "confirming" })
    const outcome = await outcomeOf(() => actions.confirmPurchase({ purchaseId }))
    if (outcome) return onSettled(outcome)
    setStep({ name: "amount" })
    setProblem(NOT_PAID)
  }

  return {
    step,
    amount,
    amountError,
    problem,
    starting: starting.pending,
    setAmount,
    validateAmount: () => setAmountError(amountErrorOf(amount)),
    start,
    backToAmount,
    close,
    complete,
  }
}

function amountErrorOf(amount: string): string | null {
  const parsed = purchaseAmountSchema.safeParse(amount)
  return parsed.success ? null : problemOf(parsed.error)
}

function isPaid(progress: PurchaseProgress): progress is PurchaseOutcome {
  return progress.status === "succeeded" || progress.status === "processing"
}

/**
 * The checkout says that the payment is complete. It is paid even if our server can't see it yet or can't be reached,
 * so it counts as processing and the page follows it. Null when it failed after all.
 */
async function outcomeOf(
  confirm: () => Promise<ActionResult<PurchaseProgress>>,
): Promise<PurchaseOutcome | null> {
  const progress = await askUntil(PATIENCE, confirm, (now) => (now.status === "open" ? null : now))
  if (progress === null) return { status: "processing" }
  return isPaid(progress) ? progress : null
}
