"use client"

import { useRouter } from "next/navigation"
import { type RefObject, useRef, useState } from "react"
import { flushSync } from "react-dom"
import type { Invite } from "@/components/invitations/invitation-types"
import { RoleChoice } from "@/components/members/role-choice"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Field, TextInput } from "@/components/ui/field"
import { FormEnd } from "@/components/ui/form-end"
import { problemOf } from "@/components/ui/problems"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import { inviteSchema } from "@/lib/invitations/schema"
import type { GivenRole } from "@/lib/members/schema"

export type InviteDialogProps = {
  invite: Invite
  open: boolean
  onClose: () => void
  buttonRef: RefObject<HTMLButtonElement | null>
}

const UNREACHABLE =
  "No answer came, so the invitation may have been sent. If it is in the list, there is nothing more to do."

/** Mount it with a new key for each opening. */
export function InviteDialog({ invite, open, onClose, buttonRef }: InviteDialogProps) {
  const router = useRouter()
  const input = useRef<HTMLInputElement>(null)
  const [email, setEmail] = useState("")
  const [role, setRole] = useState<GivenRole>("MEMBER")
  const [error, setError] = useState<string | null>(null)
  const { pending, refusal, call } = useAction(invite, { unreachable: UNREACHABLE })

  function fail(message: string) {
    setError(message)
    input.current?.focus()
  }

  async function submit() {
    const parsed = inviteSchema.safeParse({ email, role })
    if (!parsed.success) return fail(problemOf(parsed.error))
    setError(null)
    const result = await call(parsed.data)
    if (!result) return
    if (result.ok) {
      flushSync(onClose)
      showToast({ tone: "done", title: `${parsed.data.email} is invited.` })
      return router.refresh()
    }
    if (result.code === "unreachable") router.refresh()
    if (result.field === "email") fail(result.message)
  }

  return (
    <Dialog
      address="invite"
      description="They get an email with a link for 7 days"
      finalFocus={buttonRef}
      initialFocus={input}
      onOpenChange={(nextOpen) => {
        // The person who asked learns the outcome.
        if (!nextOpen && !pending) onClose()
      }}
      open={open}
      title="Invite to the team"
    >
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Field error={error} id="invite-email" label="Email">
          {(control) => (
            <TextInput
              {...control}
              autoComplete="off"
              inputMode="email"
              name="email"
              onChange={(event) => {
                setEmail(event.target.value)
                setError(null)
              }}
              placeholder="name@company.com"
              ref={input}
              type="email"
              value={email}
            />
          )}
        </Field>
        <RoleChoice chosen={role} id="invite-role" onChoose={setRole} />
        <FormEnd
          onCancel={onClose}
          pending={pending}
          problem={refusal?.field === "email" ? null : refusal?.message}
        >
          <Button pending={pending} type="submit" variant="primary">
            Send invitation
          </Button>
        </FormEnd>
      </form>
    </Dialog>
  )
}
