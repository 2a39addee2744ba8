"use client"

import { useState } from "react"
import type { MemberActions, MemberEntry } from "@/components/members/member-types"
import { RoleChoice } from "@/components/members/role-choice"
import { Button } from "@/components/ui/button"
import { FormEnd } from "@/components/ui/form-end"
import { useAction } from "@/components/ui/use-action"
import { type GivenRole, ROLE_WORDS } from "@/lib/members/schema"

type RoleStepProps = {
  member: MemberEntry
  changeRole: MemberActions["changeRole"]
  onCancel: () => void
  /** `an Admin` */
  onChanged: (role: string) => void
  onPendingChange: (pending: boolean) => void
  onRemove: () => void
  /** Null where the reader can’t hand over. */
  onHandOver: (() => void) | null
}

const UNREACHABLE = "No answer came, so the role may be the old one. Check your connection, then try again."
const ARTICLES: Record<GivenRole, string> = { ADMIN: "an", MEMBER: "a" }

export function RoleStep(props: RoleStepProps) {
  const { member, changeRole, onCancel, onChanged, onPendingChange, onRemove, onHandOver } = props
  const present: GivenRole = member.role === "ADMIN" ? "ADMIN" : "MEMBER"
  const [role, setRole] = useState(present)
  const { pending, refusal, call } = useAction(changeRole, { unreachable: UNREACHABLE, onPendingChange })

  async function save() {
    if (role === present) return onCancel()
    const result = await call({ memberId: member.id, role })
    if (result?.ok) onChanged(`${ARTICLES[role]} ${ROLE_WORDS[role].title}`)
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <RoleChoice chosen={role} id="member-role" onChoose={setRole} />
      <FormEnd onCancel={onCancel} pending={pending} problem={refusal?.message}>
        <Button pending={pending} type="submit" variant="primary">
          Save role
        </Button>
      </FormEnd>
      {onHandOver && (
        <div className="flex items-center justify-between gap-4 border-t border-border pt-4">
          <p className="text-caption text-muted">They become the Owner, you an Admin.</p>
          <Button disabled={pending} onClick={onHandOver} size="small">
            Hand over ownership
          </Button>
        </div>
      )}
      <div className="flex items-center justify-between gap-4 border-t border-border pt-4">
        <p className="text-caption text-muted">They lose access at once.</p>
        <Button disabled={pending} onClick={onRemove} size="small" variant="danger">
          Remove from team
        </Button>
      </div>
    </form>
  )
}
