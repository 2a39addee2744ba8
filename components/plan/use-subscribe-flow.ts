import { useEffect, useRef, useState } from "react"
import type { SubscribeOffer } from "@/components/plan/plan-types"
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
  const [problem, setProblem] = useState<string | null>(null)
  const [starting, setStarting] = useState(false)
  const closed = useRef(false)
  // Beside `starting`, because a second click can come before React has rendered the first one's.
  const isStarting = useRef(false)

  useEffect(() => {
    closed.current = false
    return () => {
      closed.current = true
    }
  }, [])

  async function start() {
    if (isStarting.current || !plan) return
    isStarting.current = true
    setStarting(true)
    setProblem(null)
    const result = await actions.startSubscription({ plan, quantity }).catch(() => null)
    isStarting.current = false
    setStarting(false)
    if (closed.current) return
    if (result?.ok) setStep({ name: "checkout", clientSecret: result.value.clientSecret })
    else setProblem(result?.message ?? NOT_STARTED)
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
    problem,
    starting,
    choose(chosen: SoldPlan) {
      setPlan(chosen)
      setProblem(null)
    },
    start,
    complete,
    back: () => setStep({ name: "choose" }),
  }
}
