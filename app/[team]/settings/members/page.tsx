import { notFound } from "next/navigation"
import { InviteButton } from "@/components/invitations/invite-button"
import { MembersCard } from "@/components/members/members-card"
import { PageHeader } from "@/components/shell/page-header"
import { Notice } from "@/components/ui/notice"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { canMail } from "@/lib/mail/send-mail"
import { countMembers, getHeir, listMembers, MEMBERS_PER_PAGE, type MemberPlace } from "@/lib/members/queries"
import { memberSearchSchema } from "@/lib/members/schema"
import { can } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { changeRole, leaveTeam, removeMember } from "./actions"
import { invite } from "./invitation-actions"
import { OpenOffer } from "./open-offer"
import { offerOwnership } from "./ownership-actions"
import { TeamDomains, TeamInvitations } from "./team-invitations"

export const generateMetadata = teamTitle("Members", "members:manage")

type Query = Partial<Record<"search" | "after" | "before", string | string[]>>
type Props = { params: Promise<{ team: string }>; searchParams: Promise<Query> }

export default async function MembersPage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const { team, member: self, user } = await requireMember(slug, "members:manage")
  const query = await searchParams
  const place = parsePlace(query)
  if (place === undefined) notFound()
  const search = memberSearchSchema.catch("").parse(query.search ?? "")
  const ctx = pageCtx()
  const [page, count, heir] = await Promise.all([
    listMembers(ctx, team.id, { search, place }),
    countMembers(ctx.db, team.id),
    getHeir(ctx.db, team),
  ])
  if (page.members.length === 0 && place) notFound()
  const now = await readersNow(ctx.now)
  const path = `/${slug}/settings/members`
  const hrefOf = (name: "after" | "before", id: string | null) =>
    id && `${path}?${new URLSearchParams({ ...(search && { search }), [name]: toPublicId("member", id) })}`
  return (
    <>
      <PageHeader
        action={<InviteButton disabled={!canMail()} invite={invite.bind(null, slug)} />}
        description={
          team.plan === "enterprise"
            ? "Everybody in the team draws from the team’s pool of credits."
            : "Each member draws from a pool of their own."
        }
        title="Members"
        trail={["Settings", "Team"]}
      />
      <div className="flex flex-col gap-4">
        {!canMail() && (
          <Notice>Invitations are sent by email, and this installation can’t send any yet.</Notice>
        )}
        {can(self.role, "ownership:transfer") && <OpenOffer now={now} slug={slug} teamId={team.id} />}
        <TeamInvitations now={now} slug={slug} teamId={team.id} />
        <MembersCard
          actions={{
            changeRole: changeRole.bind(null, slug),
            offerOwnership:
              can(self.role, "ownership:transfer") && canMail() ? offerOwnership.bind(null, slug) : null,
            removeMember: removeMember.bind(null, slug),
          }}
          leaveTeam={leaveTeam.bind(null, slug)}
          members={page.members.map(({ id, userId, joinedAt, lastActiveAt, ...member }) => ({
            ...member,
            id: toPublicId("member", id),
            isSelf: id === self.id,
            joinedAt: joinedAt.toISOString(),
            lastActiveAt: lastActiveAt?.toISOString() ?? null,
          }))}
          nextHref={hrefOf("after", page.after)}
          now={now}
          previousHref={hrefOf("before", page.before)}
          rights={{
            sharesPool: team.plan === "enterprise",
            canKeepCredits: can(self.role, "credits:transfer"),
            heirPool:
              heir === null ? "the team’s pool" : self.role === "OWNER" ? "your pool" : `${heir}’s pool`,
          }}
          search={search || count > MEMBERS_PER_PAGE / 2 ? { path, text: search } : null}
        />
        {can(self.role, "domains:manage") && <TeamDomains email={user.email} slug={slug} teamId={team.id} />}
      </div>
    </>
  )
}

/** Undefined if the address makes no sense. */
function parsePlace({ after, before }: Query): MemberPlace | undefined {
  if (after === undefined && before === undefined) return null
  const id = fromPublicId("member", String(after ?? before))
  if (id === null || (after !== undefined && before !== undefined)) return undefined
  return after === undefined ? { before: id } : { after: id }
}
