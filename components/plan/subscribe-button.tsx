"use client"

import { useRouter } from "next/navigation"
import type { SubscribeOffer } from "@/components/plan/plan-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"
import type { SubscriptionProgress } from "@/lib/billing/schema"

const fetchDialog = async () => (await import("@/components/plan/subscribe-dialog")).SubscribeDialog

export function SubscribeButton({ offer }: { offer: SubscribeOffer }) {
  const router = useRouter()
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog, "upgrade")

  function settle(progress: SubscriptionProgress) {
    close()
    if (progress.status === "subscribed") {
      const name = offer.options.find(({ plan }) => plan === progress.plan)?.name ?? progress.plan
      showToast({ tone: "done", title: `Your team is on ${name}.` })
    } else
      showToast({ tone: "under-way", title: "Payment is processing. Your plan changes when it completes." })
    router.refresh()
  }

  return (
    <div className="flex min-w-0 flex-col items-end gap-2">
      <Button {...buttonProps}>Upgrade</Button>
      {hasFailed && (
        <p className="text-right text-caption text-danger" role="alert">
          The plans couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          key={opening}
          offer={offer}
          onClose={() => close()}
          onSettled={settle}
          open={isOpen}
        />
      )}
    </div>
  )
}
