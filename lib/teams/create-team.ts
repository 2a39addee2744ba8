import { randomBytes } from "node:crypto"
import { recordEvent } from "@/lib/audit/record-event"
import { DAY_MS } from "@/lib/clock"
import type { Db, Tx } from "@/lib/db/client"
import type { Plan, Role } from "@/lib/db/generated/enums"
import { ConflictError } from "@/lib/errors"
import { newId, toPublicId } from "@/lib/ids"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { isReservedSlug, isSlugTaken } from "./slugs"

/**
 * Each team begins with the free plan's allowances and with its own limits. Unlimited teams would make both
 * unlimited.
 */
export const TEAM_LIMITS = { user: 10, address: 50 } as const

/**
 * Creates a team on the free plan with its Owner and the Owner's pool. The slug comes from the name. Throws
 * `TooManyAttemptsError` when the person or the address has created as many as a day allows.
 */
export async function createTeam(
  ctx: { db: Db; now: Date },
  input: { name: string; owner: { userId: string; email: string }; address: string },
): Promise<{ teamId: string; slug: string }> {
  return ctx.db.$transaction(async (tx) => {
    for (const [kind, who] of [
      ["user", input.owner.userId],
      ["address", input.address],
    ] as const)
      await takeAttempt(
        tx,
        { subject: `team:${kind}:${who}`, limit: TEAM_LIMITS[kind], windowMs: DAY_MS },
        ctx.now,
      )
    const teamId = newId()
    const slug = await insertTeam(tx, teamId, input.name)
    const { userId, email } = input.owner
    const { memberId } = await addMember(tx, { teamId, userId, role: "OWNER", plan: "free" })
    const actor = { memberId, userId, email, address: input.address }
    const subject = { kind: "team" as const, id: toPublicId("team", teamId), name: input.name }
    await recordEvent(tx, { teamId, actor, kind: "team.created", subject, after: { slug } }, ctx.now)
    return { teamId, slug }
  })
}

/** Adds a person to a team. On self-serve plans everybody has a pool; an Enterprise team shares one. */
export async function addMember(
  tx: Tx,
  input: { teamId: string; userId: string; role: Role; plan: Plan },
): Promise<{ memberId: string; poolId: string | null }> {
  const { teamId, userId, role, plan } = input
  const memberId = newId()
  await tx.member.create({ data: { teamId, id: memberId, userId, role } })
  return { memberId, poolId: await ensurePool(tx, { teamId, memberId, plan }) }
}

/**
 * Makes the pool that a member draws from, if there is none yet. Returns the member's own, or null on Enterprise, where
 * the first member brings the pool that all share.
 */
export async function ensurePool(
  tx: Tx,
  { teamId, memberId, plan }: { teamId: string; memberId: string; plan: Plan },
): Promise<string | null> {
  const holder = { teamId, memberId: plan === "enterprise" ? null : memberId }
  const id = newId()
  const { count } = await tx.pool.createMany({ data: [{ ...holder, id }], skipDuplicates: true })
  if (plan === "enterprise") return null
  if (count === 1) return id
  const pool = await tx.pool.findUniqueOrThrow({
    where: { teamId_memberId: { teamId, memberId } },
    select: { id: true },
  })
  return pool.id
}

async function insertTeam(tx: Tx, id: string, name: string): Promise<string> {
  const base = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
  const suffixed = `${base || "team"}-${randomBytes(3).toString("hex")}`
  const mayHaveBase = base.length >= 2 && !isReservedSlug(base) && !(await isSlugTaken(tx, base))
  for (const slug of mayHaveBase ? [base, suffixed] : [suffixed]) {
    const { count } = await tx.team.createMany({ data: [{ id, slug, name }], skipDuplicates: true })
    if (count === 1) return slug
  }
  throw new ConflictError("A team with this name was just made. Try again.")
}
