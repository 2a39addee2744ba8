import type { GivenRole } from "@/lib/members/schema"
import type { ROLE_NAMES } from "@/lib/teams/permissions"
import type { ActionResult } from "@/lib/web/action-result"

export type MemberEntry = {
  id: string
  name: string
  email: string
  role: keyof typeof ROLE_NAMES
  /** The reader. */
  isSelf: boolean
  joinedAt: string
  /** Null when they aren’t signed in anywhere. */
  lastActiveAt: string | null
  spentNanos: bigint
  /** The most that they may spend in a month. Null: no limit. */
  limitNanos: bigint | null
  /** The bought credits that would be moved if they left now. */
  movableNanos: bigint
}

export type MemberActions = {
  changeRole: (input: { memberId: string; role: GivenRole }) => Promise<ActionResult<void>>
  /** Null for readers who don’t own the team, and where no mail can be sent. */
  offerOwnership: ((input: { memberId: string }) => Promise<ActionResult<void>>) | null
  removeMember: (input: {
    memberId: string
    credits: "move" | "keep"
  }) => Promise<ActionResult<{ movedNanos: bigint }>>
}

export type LeaveTeam = (input: Record<string, never>) => Promise<ActionResult<{ movedNanos: bigint }>>

/** The reader’s rights over members, and where the credits of those who leave go. */
export type MemberRights = {
  /** Whether they may leave a person’s credits where they are. */
  canKeepCredits: boolean
  /** Whether everybody draws from one pool, so that ownership changes no payer. */
  sharesPool: boolean
  /** `your pool`, `Ada Marlow’s pool` or `the team’s pool` */
  heirPool: string
}
