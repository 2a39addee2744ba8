"use client"

import type { LeaveTeam } from "@/components/members/member-types"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { formatBalance, NANOS_PER_CENT } from "@/lib/money/usd"

type LeaveTeamButtonProps = {
  leaveTeam: LeaveTeam
  /** The credits that would be moved, and the pool they would go to. */
  movableNanos: bigint
  heirPool: string
}

export function LeaveTeamButton({ leaveTeam, movableNanos, heirPool }: LeaveTeamButtonProps) {
  return (
    <ConfirmButton
      confirm={() => leaveTeam({})}
      confirmLabel="Leave team"
      done="You’ve left the team."
      label="Leave"
      nextHref="/teams"
      title="Leave this team?"
      unreachable="No answer came, so you may still be in the team. Check your connection, then try again."
    >
      <p className="wrap-anywhere">
        You lose access at once, and somebody has to invite you to come back.
        {movableNanos >= NANOS_PER_CENT &&
          ` The ${formatBalance(movableNanos)} you have left goes to ${heirPool}.`}
      </p>
    </ConfirmButton>
  )
}
