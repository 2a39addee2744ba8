"use client"

import { useRouter } from "next/navigation"
import type { Cap, SaveCap } from "@/components/auto-top-up/auto-top-up-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

const fetchDialog = async () => (await import("@/components/auto-top-up/spend-cap-dialog")).SpendCapDialog

type SpendCapButtonProps = {
  cap: Cap
  committedNanos: bigint
  saveCap: SaveCap
  look: "link" | "button"
  children: string
}

export function SpendCapButton({ cap, committedNanos, saveCap, look, children }: SpendCapButtonProps) {
  const router = useRouter()
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(fetchDialog)
  return (
    <>
      <Button {...buttonProps} size="small" variant={look === "link" ? "ghost" : "secondary"}>
        {children}
      </Button>
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          That couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          cap={cap}
          committedNanos={committedNanos}
          key={opening}
          onClose={() => close()}
          onSaved={() => {
            close()
            showToast({ tone: "done", title: "Monthly cap saved." })
            router.refresh()
          }}
          open={isOpen}
          saveCap={saveCap}
        />
      )}
    </>
  )
}
