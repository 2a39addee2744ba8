import { LeaveTeamButton } from "@/components/members/leave-team-button"
import type { LeaveTeam } from "@/components/members/member-types"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Time } from "@/components/ui/time"

type OwnPlaceCardProps = {
  team: string
  /** `an Admin` */
  role: string
  joinedAt: string
  /** Null for the Owner, whom the team can’t be without. */
  leaving: { leaveTeam: LeaveTeam; movableNanos: bigint; heirPool: string } | null
  now: string
}

/** A person’s place in the team whose settings they look at, and the way out. */
export function OwnPlaceCard({ team, role, joinedAt, leaving, now }: OwnPlaceCardProps) {
  return (
    <Card className="mt-6" labelledBy="own-place">
      <CardHeader action={leaving && <LeaveTeamButton {...leaving} />}>
        <CardTitle id="own-place">Your place in this team</CardTitle>
      </CardHeader>
      <CardSection className="pt-2">
        <p className="text-caption wrap-anywhere text-muted">
          You’re {role} of {team}, since <Time iso={joinedAt} look="day" now={now} />.
          {!leaving && " To leave, hand over ownership first."}
        </p>
      </CardSection>
    </Card>
  )
}
