import { OwnPlaceCard } from "@/components/members/own-place-card"
import { getHeir, getOwnPlace } from "@/lib/members/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { OwnAccount } from "../../../account/own-account"
import { leaveTeam } from "../members/actions"

export const generateMetadata = teamTitle("Profile", "own-account:manage")

const ROLES = { OWNER: "the Owner", ADMIN: "an Admin", MEMBER: "a Member" } as const

type Props = { params: Promise<{ team: string }> }

export default async function ProfilePage({ params }: Props) {
  const { team: slug } = await params
  const { user, team, member } = await requireMember(slug, "own-account:manage")
  const { db, now } = pageCtx()
  const [place, heir] = await Promise.all([getOwnPlace(db, team.id, member.id), getHeir(db, team)])
  return (
    <>
      <OwnAccount trail={["Settings", "Account"]} userId={user.id} />
      {place && (
        <OwnPlaceCard
          joinedAt={place.joinedAt.toISOString()}
          leaving={
            member.role === "OWNER"
              ? null
              : {
                  leaveTeam: leaveTeam.bind(null, slug),
                  movableNanos: place.movableNanos,
                  heirPool: heir === null ? "the team’s pool" : `${heir}’s pool`,
                }
          }
          now={await readersNow(now)}
          role={ROLES[member.role]}
          team={team.name}
        />
      )}
    </>
  )
}
