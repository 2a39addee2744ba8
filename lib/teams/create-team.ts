import { randomBytes } from "node:crypto"
import type { Db, Tx } from "@/lib/db/client"
import type { Plan, Role } from "@/lib/db/generated/enums"
import { ConflictError } from "@/lib/errors"
import { newId } from "@/lib/ids"

/** Addresses of our own pages that no team may take. */
const RESERVED_SLUGS = new Set(["api", "icon", "outbox", "reference", "sign-in", "teams", "unsubscribe"])

/** Makes a team on the free plan with its Owner and the Owner's pool. The slug comes from the name. */
export async function createTeam(
  ctx: { db: Db },
  input: { name: string; ownerUserId: string },
): Promise<{ teamId: string; slug: string }> {
  return ctx.db.$transaction(async (tx) => {
    const teamId = newId()
    const slug = await insertTeam(tx, teamId, input.name)
    await addMember(tx, { teamId, userId: input.ownerUserId, role: "OWNER", plan: "free" })
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
  if (plan === "enterprise") {
    // The first member brings the pool that all share.
    await tx.pool.createMany({ data: [{ teamId, id: newId(), memberId: null }], skipDuplicates: true })
    return { memberId, poolId: null }
  }
  const poolId = newId()
  await tx.pool.create({ data: { teamId, id: poolId, memberId } })
  return { memberId, poolId }
}

async function insertTeam(tx: Tx, id: string, name: string): Promise<string> {
  const base = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
  const suffixed = `${base || "team"}-${randomBytes(3).toString("hex")}`
  const candidates = base.length >= 2 && !RESERVED_SLUGS.has(base) ? [base, suffixed] : [suffixed]
  for (const slug of candidates) {
    const { count } = await tx.team.createMany({ data: [{ id, slug, name }], skipDuplicates: true })
    if (count === 1) return slug
  }
  throw new ConflictError("A team with this name was just made. Try again.")
}
