"use client"

import { useRouter } from "next/navigation"
import type { SettingsDialogData } from "@/components/auto-top-up/auto-top-up-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

const fetchDialog = async () => (await import("@/components/auto-top-up/auto-top-up-dialog")).AutoTopUpDialog

export function AutoTopUpButton({ data }: { data: SettingsDialogData }) {
  const router = useRouter()
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(
    fetchDialog,
    "auto-top-up",
  )

  function settle(isOn: boolean) {
    close()
    showToast({ tone: "done", title: isOn ? "Auto top-up is on." : "Auto top-up is off." })
    router.refresh()
  }

  return (
    <div className="flex flex-col items-end gap-2">
      <Button {...buttonProps}>
        {data.settings?.enabled ? "Manage" : "Enable"}
        <span className="sr-only"> auto top-up</span>
      </Button>
      {hasFailed && (
        <p className="text-right text-caption text-danger" role="alert">
          The settings couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          data={data}
          key={opening}
          onClose={() => close()}
          onSaved={settle}
          open={isOpen}
        />
      )}
    </div>
  )
}
