import { OfferedNotice } from "@/components/members/offer-notice"
import { OwnPlaceCard } from "@/components/members/own-place-card"
import { getHeir, getOffer, getOwnPlace } from "@/lib/members/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { OwnAccount } from "../../../account/own-account"
import { leaveTeam } from "../members/actions"
import { acceptOwnership, declineOwnership } from "../members/ownership-actions"

export const generateMetadata = teamTitle("Profile", "own-account:manage")

const ROLES = { OWNER: "the Owner", ADMIN: "an Admin", MEMBER: "a Member" } as const

type Props = { params: Promise<{ team: string }> }

export default async function ProfilePage({ params }: Props) {
  const { team: slug } = await params
  const { user, team, member } = await requireMember(slug, "own-account:manage")
  const { db, now } = pageCtx()
  const [place, heir, offer] = await Promise.all([
    getOwnPlace(db, team.id, member.id),
    getHeir(db, team),
    getOffer({ db, now }, team.id),
  ])
  return (
    <>
      {offer?.isConfirmed && offer.to.memberId === member.id && (
        <div className="mb-6">
          <OfferedNotice
            accept={acceptOwnership.bind(null, slug)}
            decline={declineOwnership.bind(null, slug)}
            expiresAt={offer.expiresAt.toISOString()}
            from={offer.from}
            sharesPool={team.plan === "enterprise"}
            now={await readersNow(now)}
          />
        </div>
      )}
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
