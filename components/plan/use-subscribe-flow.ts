import { useEffect, useRef, useState } from "react"
import type { SubscribeOffer } from "@/components/plan/plan-types"
import { askUntil } from "@/components/ui/ask-until"
import { useAction } from "@/components/ui/use-action"
import type { SoldPlan, SubscriptionProgress } from "@/lib/billing/schema"

type Step = { name: "choose" } | { name: "checkout"; clientSecret: string } | { name: "confirming" }

type SubscribeFlowOptions = {
  offer: SubscribeOffer
  onSettled: (progress: SubscriptionProgress) => void
}

const NOT_STARTED = "The payment couldn’t be started. Check your connection, then try again."
const PATIENCE = { tries: 5, pauseMs: 1_000 }

/** One opening of the dialog, from the choice of a plan through the checkout to the team's new plan. */
export function useSubscribeFlow({ offer, onSettled }: SubscribeFlowOptions) {
  const { actions, options, quantity } = offer
  const [step, setStep] = useState<Step>({ name: "choose" })
  const [plan, setPlan] = useState<SoldPlan | null>(options[0]?.plan ?? null)
  const starting = useAction(actions.startSubscription, { unreachable: NOT_STARTED })
  const closed = useRef(false)

  useEffect(() => {
    closed.current = false
    return () => {
      closed.current = true
    }
  }, [])

  async function start() {
    if (!plan) return
    const result = await starting.call({ plan, quantity })
    if (result?.ok && !closed.current) setStep({ name: "checkout", clientSecret: result.value.clientSecret })
  }

  /** The checkout says that it is paid. If our server can't see it yet, the page shows it once it can. */
  async function complete() {
    setStep({ name: "confirming" })
    const progress = await askUntil(
      PATIENCE,
      () => actions.confirmSubscription({}),
      (now) => (now.status === "subscribed" ? now : null),
    )
    onSettled(progress ?? { status: "processing" })
  }

  return {
    step,
    plan,
    problem: starting.refusal?.message ?? null,
    starting: starting.pending,
    choose(chosen: SoldPlan) {
      setPlan(chosen)
      starting.forgetRefusal()
    },
    start,
    complete,
    back: () => setStep({ name: "choose" }),
  }
}
