"use client"

import { useRouter } from "next/navigation"
import type { SettingsDialogData } from "@/components/auto-top-up/auto-top-up-types"
import { Button } from "@/components/ui/button"
import { showToast } from "@/components/ui/show-toast"
import { useFetchedDialog } from "@/components/ui/use-fetched-dialog"

const fetchDialog = async () => (await import("@/components/auto-top-up/auto-top-up-dialog")).AutoTopUpDialog

type AutoTopUpButtonProps = {
  data: SettingsDialogData
  /** Where the dialog opens: at its first control or at the monthly cap. */
  opensAt: "switch" | "cap"
  look: "button" | "small" | "link"
  children: string
}

export function AutoTopUpButton({ data, opensAt, look, children }: AutoTopUpButtonProps) {
  const router = useRouter()
  const { buttonProps, Dialog, hasFailed, opening, isOpen, close } = useFetchedDialog(
    fetchDialog,
    "auto-top-up",
  )

  function settle(isOn: boolean, isCharging: boolean) {
    close()
    const title = opensAt === "cap" ? "Saved." : isOn ? "Auto top-up is on." : "Auto top-up is off."
    showToast(
      isCharging
        ? { tone: "under-way", title: `${title} Your card is being charged.` }
        : { tone: "done", title },
    )
    router.refresh()
  }

  return (
    <>
      <Button
        {...buttonProps}
        size={look === "button" ? "medium" : "small"}
        variant={look === "link" ? "ghost" : "secondary"}
      >
        {children}
        {opensAt === "switch" && <span className="sr-only"> auto top-up</span>}
      </Button>
      {hasFailed && (
        <p className="text-caption text-danger" role="alert">
          The settings couldn’t be loaded. Check your connection, then try again.
        </p>
      )}
      {Dialog && (
        <Dialog
          buttonRef={buttonProps.ref}
          data={data}
          key={opening}
          onAsked={() => {
            close()
            showToast({
              tone: "done",
              title: "Another Owner or Admin has to approve it. Nothing has changed yet.",
            })
            router.refresh()
          }}
          onClose={() => close()}
          onSaved={settle}
          open={isOpen}
          startsAt={opensAt}
        />
      )}
    </>
  )
}
