"use client"

import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { Button, type ButtonProps } from "@/components/ui/button"
import { Notice } from "@/components/ui/notice"
import { useAction } from "@/components/ui/use-action"
import type { ActionResult } from "@/lib/web/action-result"

export type AcceptInvitation = () => Promise<ActionResult<{ slug: string }>>

const UNREACHABLE = "No answer came, so you may have joined. Check your connection, then press it again."

type AcceptInvitationButtonProps = Pick<ButtonProps, "aria-label" | "className" | "size" | "variant"> & {
  accept: AcceptInvitation
  children: string
}

/** Joins, then opens the team. */
export function AcceptInvitationButton({ accept, ...button }: AcceptInvitationButtonProps) {
  const router = useRouter()
  const { pending, refusal, call } = useAction(accept, { unreachable: UNREACHABLE })
  // Pending until the team's page is there.
  const [isLeaving, startTransition] = useTransition()
  return (
    <>
      {refusal && (
        <Notice announce tone="danger">
          {refusal.message}
        </Notice>
      )}
      <Button
        {...button}
        onClick={async () => {
          const result = await call()
          if (result?.ok) startTransition(() => router.push(`/${result.value.slug}/settings/account/billing`))
        }}
        pending={pending || isLeaving}
      />
    </>
  )
}
