"use client"

import type { MemberActions, MemberEntry } from "@/components/members/member-types"
import { Button } from "@/components/ui/button"
import { FormEnd } from "@/components/ui/form-end"
import { useAction } from "@/components/ui/use-action"

type HandOverStepProps = {
  member: MemberEntry
  sharesPool: boolean
  offerOwnership: NonNullable<MemberActions["offerOwnership"]>
  onBack: () => void
  onOffered: () => void
  onPendingChange: (pending: boolean) => void
}

const UNREACHABLE = "No answer came. If a link to confirm it is in your mail, it worked."

export function HandOverStep(props: HandOverStepProps) {
  const { member, sharesPool, offerOwnership, onBack, onOffered, onPendingChange } = props
  const { pending, refusal, call } = useAction(offerOwnership, { unreachable: UNREACHABLE, onPendingChange })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={async (event) => {
        event.preventDefault()
        const result = await call({ memberId: member.id })
        if (result?.ok) onOffered()
      }}
    >
      <HandOverFacts name={member.name} sharesPool={sharesPool} />
      <p>We email you a link to confirm it. Then {member.name} has 7 days to accept.</p>
      <FormEnd cancelLabel="Back" onCancel={onBack} pending={pending} problem={refusal?.message}>
        <Button pending={pending} type="submit" variant="primary">
          Email me the link
        </Button>
      </FormEnd>
    </form>
  )
}

/** The consequences, said before the Owner asks and again before they confirm. */
export function HandOverFacts({ name, sharesPool }: { name: string; sharesPool: boolean }) {
  return (
    <ul className="list-disc space-y-1 pl-5 wrap-anywhere">
      <li>{name} becomes the Owner, and you become an Admin.</li>
      {!sharesPool && <li>API keys and schedules then draw from their pool of credits, not from yours.</li>}
      <li>The plan, its subscription and the payment methods stay as they are.</li>
    </ul>
  )
}
