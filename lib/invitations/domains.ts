import { recordEvent } from "@/lib/audit/record-event"
import type { Db, Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError, InvalidInputError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import type { MemberCtx } from "@/lib/members/ctx"
import { joinTeam } from "@/lib/members/join-team"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import type { JoiningPerson } from "./accept-invitation"
import { domainOf, isPublicMailDomain } from "./mail-domains"

/**
 * Lets everybody with an address at the Owner's own domain join as a Member. The Owner only, because whoever receives
 * mail there gets in. Throws `InvalidInputError` for any other domain and for one where anybody can get an address.
 */
export async function allowDomain(ctx: MemberCtx, { domain }: { domain: string }): Promise<void> {
  const { db, now, team, actor } = ctx
  if (isPublicMailDomain(domain))
    throw new InvalidInputError(`Anybody can get an address at ${domain}, so it can’t open your team.`)
  if (domainOf(actor.email) !== domain)
    throw new InvalidInputError("Only the domain of your own address can be allowed.")
  await db.$transaction(async (tx) => {
    await begin(tx, ctx)
    const { count } = await tx.teamDomain.createMany({
      data: [{ teamId: team.id, domain, addedByMemberId: actor.memberId, createdAt: now }],
      skipDuplicates: true,
    })
    if (count > 0) await record(tx, ctx, "domain.added", domain)
  })
}

/** Takes an allowed domain back. Who has joined by it stays. */
export async function disallowDomain(ctx: MemberCtx, { domain }: { domain: string }): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    await begin(tx, ctx)
    const { count } = await tx.teamDomain.deleteMany({ where: { teamId: ctx.team.id, domain } })
    if (count > 0) await record(tx, ctx, "domain.removed", domain)
  })
}

async function begin(tx: Tx, { team, actor }: MemberCtx): Promise<void> {
  await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "domains:manage")
  await lockTeam(tx, team.id)
}

async function record(
  tx: Tx,
  { now, team, actor }: MemberCtx,
  kind: "domain.added" | "domain.removed",
  domain: string,
): Promise<void> {
  const subject = { kind: "team" as const, id: toPublicId("team", team.id), name: domain }
  await recordEvent(tx, { teamId: team.id, actor, kind, subject }, now)
  await announce(queryIn(tx), team.id)
}

/**
 * Lets the signed-in person into a team that allows their address's domain, as a Member, and returns its slug. Who is in
 * the team already just gets its slug. Who was in it before needs an invitation: they may have been removed. Throws
 * `ConflictError` with the reason.
 */
export async function joinByDomain(
  { db, now, person }: { db: Db; now: Date; person: JoiningPerson },
  { teamId }: { teamId: string },
): Promise<{ slug: string }> {
  const domain = domainOf(person.email)
  return db.$transaction(async (tx) => {
    const role = "MEMBER" as const
    const joining = await joinTeam(tx, { teamId, userId: person.id, role }, { allowsBack: false }, now)
    // The team is locked by now, so that the domain isn't taken back meanwhile.
    const allowed = domain && (await tx.teamDomain.count({ where: { teamId, domain } })) > 0
    if (joining.status === "no_team" || (!allowed && joining.status !== "already_in"))
      throw new ConflictError("You can’t join this team without an invitation.")
    if (joining.status === "was_removed")
      throw new ConflictError("You were in this team before. Ask an Owner or Admin to invite you.")
    const { slug } = await tx.team.findUniqueOrThrow({ where: { id: teamId }, select: { slug: true } })
    if (joining.status === "already_in") return { slug }
    const { memberId } = joining
    const actor = { memberId, userId: person.id, email: person.email, address: person.address }
    const subject = { kind: "member" as const, id: toPublicId("member", memberId), name: person.name }
    const after = { role, by: "domain", domain: domain ?? "" }
    await recordEvent(tx, { teamId, actor, kind: "member.joined", subject, after }, now)
    return { slug }
  })
}

/** Lists the domains that a team allows, by name. */
export async function listDomains(db: Db, teamId: string): Promise<string[]> {
  const rows = await db.teamDomain.findMany({
    where: { teamId },
    select: { domain: true },
    orderBy: { domain: "asc" },
  })
  return rows.map(({ domain }) => domain)
}

/** Enough to choose from. */
const JOINABLE_SHOWN = 20

/** Lists the teams that a person may join by their address's domain and was never in, by name. */
export async function listJoinableTeams(
  db: Db,
  person: { id: string; email: string },
): Promise<{ id: string; name: string }[]> {
  const domain = domainOf(person.email)
  if (!domain) return []
  return db.$queryRaw<{ id: string; name: string }[]>`
    SELECT t.id, t.name FROM team_domains d JOIN teams t ON t.id = d.team_id AND t.deleted_at IS NULL
    WHERE d.domain = ${domain}
      AND NOT EXISTS (SELECT 1 FROM members m WHERE m.team_id = d.team_id AND m.user_id = ${person.id}::uuid)
    ORDER BY t.name, t.id LIMIT ${JOINABLE_SHOWN}`
}
