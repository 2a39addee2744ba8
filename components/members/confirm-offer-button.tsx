"use client"

import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { Button } from "@/components/ui/button"
import { Notice } from "@/components/ui/notice"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import type { ActionResult } from "@/lib/web/action-result"

type ConfirmOfferButtonProps = {
  confirm: () => Promise<ActionResult<void>>
  name: string
  membersHref: string
}

export function ConfirmOfferButton({ confirm, name, membersHref }: ConfirmOfferButtonProps) {
  const router = useRouter()
  const { pending, refusal, call } = useAction(confirm, {
    unreachable: "No answer came, so it may be confirmed. Look at the members.",
  })
  const [isLeaving, startTransition] = useTransition()
  return (
    <>
      {refusal && (
        <Notice announce tone="danger">
          {refusal.message}
        </Notice>
      )}
      <div>
        <Button
          onClick={async () => {
            const result = await call()
            if (!result?.ok) return
            showToast({ tone: "done", title: `${name} may accept it now.` })
            startTransition(() => router.push(membersHref))
          }}
          pending={pending || isLeaving}
          variant="primary"
        >
          Confirm
        </Button>
      </div>
    </>
  )
}
