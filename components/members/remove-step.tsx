"use client"

import { useRef, useState } from "react"
import type { MemberActions, MemberEntry, MemberRights } from "@/components/members/member-types"
import { Button } from "@/components/ui/button"
import { FormEnd } from "@/components/ui/form-end"
import { Radio, RadioGroup } from "@/components/ui/radio"
import { useAction } from "@/components/ui/use-action"
import { formatBalance, NANOS_PER_CENT } from "@/lib/money/usd"

type RemoveStepProps = {
  member: MemberEntry
  rights: MemberRights
  removeMember: MemberActions["removeMember"]
  onBack: () => void
  onRemoved: (words: string) => void
  onPendingChange: (pending: boolean) => void
}

const UNREACHABLE = "No answer came, so they may still be in the team. Check your connection, then try again."

export function RemoveStep(props: RemoveStepProps) {
  const { member, rights, removeMember, onBack, onRemoved, onPendingChange } = props
  const [credits, setCredits] = useState<"move" | "keep">("move")
  const back = useRef<HTMLButtonElement>(null)
  const { pending, refusal, call } = useAction(removeMember, { unreachable: UNREACHABLE, onPendingChange })
  const amount = formatBalance(member.movableNanos)
  const hasCredits = member.movableNanos >= NANOS_PER_CENT

  async function remove() {
    const result = await call({ memberId: member.id, credits })
    if (!result?.ok) return
    const { movedNanos } = result.value
    const moved =
      movedNanos < NANOS_PER_CENT ? "" : ` ${formatBalance(movedNanos)} went to ${rights.heirPool}.`
    onRemoved(`${member.name} is removed.${moved}`)
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void remove()
      }}
    >
      <p className="wrap-anywhere">
        {member.name} loses access with their next request. API keys and webhooks they made stay with the
        team.
      </p>
      {hasCredits && rights.canKeepCredits && (
        <RadioGroup legend={`The ${amount} they have left`}>
          <Radio
            checked={credits === "move"}
            detail="With whatever running holds give back later."
            id="left-credits-move"
            label={`Move it to ${rights.heirPool}`}
            name="left-credits"
            onChoose={() => setCredits("move")}
          />
          <Radio
            checked={credits === "keep"}
            detail="Nobody can spend it unless they come back."
            id="left-credits-keep"
            label="Keep it in their pool"
            name="left-credits"
            onChoose={() => setCredits("keep")}
          />
        </RadioGroup>
      )}
      {hasCredits && !rights.canKeepCredits && (
        <p className="wrap-anywhere">
          The {amount} they have left goes to {rights.heirPool}, with whatever running holds give back later.
        </p>
      )}
      <FormEnd
        cancelLabel="Back"
        cancelRef={back}
        onCancel={onBack}
        pending={pending}
        problem={refusal?.message}
      >
        <Button pending={pending} type="submit" variant="danger">
          Remove from team
        </Button>
      </FormEnd>
    </form>
  )
}
