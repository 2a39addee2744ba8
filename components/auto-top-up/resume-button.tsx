"use client"

import { useRouter } from "next/navigation"
import type { ResumeCharge, SettingsActions } from "@/components/auto-top-up/auto-top-up-types"
import { ActionButton } from "@/components/ui/action-button"
import { showToast } from "@/components/ui/show-toast"
import { formatUsd, toDecimalString } from "@/lib/money/usd"

type ResumeButtonProps = {
  resume: SettingsActions["resume"]
  poolId: string
  /** The charge that resuming makes at once. Null when it makes none. */
  charge: ResumeCharge | null
}

const HAS_CHANGED =
  "Nothing was resumed or charged, because the amount has changed. Check it before you resume."

/** Ends a suspension or a pause. The same card is charged again, and only what the button says. */
export function ResumeButton({ resume, poolId, charge }: ResumeButtonProps) {
  const router = useRouter()

  async function run() {
    const agreedCharge = charge && {
      amount: toDecimalString(charge.amountNanos),
      paymentMethodId: charge.paymentMethodId,
    }
    const result = await resume({ poolId, agreedCharge })
    if (!result.ok) return result
    if (result.value.status === "not_agreed") {
      router.refresh()
      return { ok: false as const, code: "not_agreed", message: HAS_CHANGED }
    }
    if (result.value.status === "saved" && result.value.isCharging)
      showToast({ tone: "under-way", title: "Auto top-up is resumed. Your card is being charged." })
    return result
  }

  return (
    <ActionButton
      problemClassName="basis-full"
      run={run}
      size="small"
      unreachable="It couldn’t be resumed. Check your connection, then try again."
    >
      {charge ? `Resume and charge ${formatUsd(charge.amountNanos)}` : "Resume"}
    </ActionButton>
  )
}
