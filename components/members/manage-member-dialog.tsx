"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { HandOverStep } from "@/components/members/hand-over-step"
import type { MemberActions, MemberEntry, MemberRights } from "@/components/members/member-types"
import { RemoveStep } from "@/components/members/remove-step"
import { RoleStep } from "@/components/members/role-step"
import { Dialog } from "@/components/ui/dialog"
import { showToast } from "@/components/ui/show-toast"

export type ManageMemberDialogProps = {
  member: MemberEntry
  actions: MemberActions
  rights: MemberRights
  open: boolean
  onClose: () => void
  buttonRef: RefObject<HTMLButtonElement | null>
}

const TITLES = {
  role: (name: string) => name,
  remove: (name: string) => `Remove ${name}?`,
  "hand-over": (name: string) => `Hand over to ${name}?`,
}

/** Mount it with a new key for each opening, so that it begins with the role. */
export function ManageMemberDialog(props: ManageMemberDialogProps) {
  const { member, actions, rights, open, onClose, buttonRef } = props
  const router = useRouter()
  const [step, setStep] = useState<"role" | "remove" | "hand-over">("role")
  const [pending, setPending] = useState(false)
  const isGone = useRef(false)

  function finish(words: string) {
    flushSync(onClose)
    showToast({ tone: "done", title: words })
    router.refresh()
  }

  return (
    <Dialog
      description={member.email === member.name ? undefined : member.email}
      // The button disappears with its row, so the focus moves to the page's first control.
      finalFocus={() => (isGone.current ? document.getElementById("main") : buttonRef.current)}
      onOpenChange={(nextOpen) => {
        // The person who asked learns the outcome.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title={TITLES[step](member.name)}
    >
      {step === "hand-over" && actions.offerOwnership && (
        <HandOverStep
          member={member}
          offerOwnership={actions.offerOwnership}
          onBack={() => setStep("role")}
          onOffered={() => finish("A link to confirm it is in your mail.")}
          onPendingChange={setPending}
          sharesPool={rights.sharesPool}
        />
      )}
      {step === "role" && (
        <RoleStep
          changeRole={actions.changeRole}
          member={member}
          onCancel={onClose}
          onChanged={(role) => finish(`${member.name} is now ${role}.`)}
          onPendingChange={setPending}
          onHandOver={actions.offerOwnership && (() => setStep("hand-over"))}
          onRemove={() => setStep("remove")}
        />
      )}
      {step === "remove" && (
        <RemoveStep
          member={member}
          onBack={() => setStep("role")}
          onPendingChange={setPending}
          onRemoved={(words) => {
            isGone.current = true
            finish(words)
          }}
          removeMember={actions.removeMember}
          rights={rights}
        />
      )}
    </Dialog>
  )
}
