import { useEffect, useRef, useState } from "react"
import type { SubscribeOffer } from "@/components/plan/plan-types"
import { useAction } from "@/components/ui/use-action"
import type { SoldPlan, SubscriptionProgress } from "@/lib/billing/schema"

type Step = { name: "choose" } | { name: "checkout"; clientSecret: string } | { name: "confirming" }

type SubscribeFlowOptions = {
  offer: SubscribeOffer
  onSettled: (progress: SubscriptionProgress) => void
}

const NOT_STARTED = "The payment couldn’t be started. Check your connection, then try again."
const CONFIRM_TRIES = 5
const CONFIRM_PAUSE_MS = 1_000

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
    for (let tries = 1; tries <= CONFIRM_TRIES; tries++) {
      const result = await actions.confirmSubscription({}).catch(() => null)
      if (result?.ok && result.value.status === "subscribed") return onSettled(result.value)
      if (tries < CONFIRM_TRIES) await new Promise((resolve) => setTimeout(resolve, CONFIRM_PAUSE_MS))
    }
    onSettled({ status: "processing" })
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
