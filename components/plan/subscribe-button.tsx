"use client"

import { useRouter } from "next/navigation"
import { type ComponentType, useRef, useState } from "react"
import type { SubscribeOffer } from "@/components/plan/plan-types"
import type { SubscribeDialogProps } from "@/components/plan/subscribe-dialog"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import type { SubscriptionProgress } from "@/lib/billing/schema"

const importDialog = () => import("@/components/plan/subscribe-dialog")

/** The dialog is fetched when a pointer or the focus comes near, not with the page. */
export function SubscribeButton({ offer }: { offer: SubscribeOffer }) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [Dialog, setDialog] = useState<ComponentType<SubscribeDialogProps> | null>(null)
  const [loading, setLoading] = useState<"no" | "yes" | "failed">("no")
  const [opening, setOpening] = useState({ count: 0, open: false })

  async function open() {
    setLoading("yes")
    try {
      const { SubscribeDialog } = await importDialog()
      setDialog(() => SubscribeDialog)
      setOpening(({ count }) => ({ count: count + 1, open: true }))
      setLoading("no")
    } catch {
      setLoading("failed")
    }
  }

  const close = () => setOpening(({ count }) => ({ count, open: false }))

  function settle(progress: SubscriptionProgress) {
    close()
    if (progress.status === "subscribed") {
      const name = offer.options.find(({ plan }) => plan === progress.plan)?.name ?? progress.plan
      showToast({ tone: "done", title: `Your team is on ${name}.` })
    } else
      showToast({ tone: "under-way", title: "Payment is processing. Your plan changes when it completes." })
    router.refresh()
  }

  const prefetch = () => void importDialog().catch(() => undefined)
  return (
    <div className="flex min-w-0 flex-col items-end gap-2">
      <Button
        aria-haspopup="dialog"
        onClick={open}
        onFocus={prefetch}
        onPointerEnter={prefetch}
        pending={loading === "yes"}
        ref={button}
      >
        Upgrade
      </Button>
      {loading === "failed" && (
        <p className="text-right text-caption text-danger" role="alert">
          The plans couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={button}
          key={opening.count}
          offer={offer}
          onClose={close}
          onSettled={settle}
          open={opening.open}
        />
      )}
    </div>
  )
}
