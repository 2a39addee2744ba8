import { randomBytes } from "node:crypto"
import type { Db, Tx } from "@/lib/db/client"
import type { Plan, Role } from "@/lib/db/generated/enums"
import { newId } from "@/lib/ids"

/** Addresses of our own pages that no team may take. */
const RESERVED_SLUGS = new Set(["api", "icon", "outbox", "reference", "sign-in", "teams"])

/** Makes a team on the free plan with its Owner and the Owner's pool. The slug comes from the name. */
export async function createTeam(
  ctx: { db: Db },
  input: { name: string; ownerUserId: string },
): Promise<{ teamId: string; slug: string }> {
  return ctx.db.$transaction(async (tx) => {
    const teamId = newId()
    const slug = await freeSlug(tx, input.name)
    await tx.team.create({ data: { id: teamId, slug, name: input.name } })
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
  if (plan === "enterprise") return { memberId, poolId: null }
  const poolId = newId()
  await tx.pool.create({ data: { teamId, id: poolId, memberId } })
  return { memberId, poolId }
}

async function freeSlug(tx: Tx, name: string): Promise<string> {
  const base = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
  const isUsable = base.length >= 2 && !RESERVED_SLUGS.has(base)
  if (isUsable && !(await tx.team.findUnique({ where: { slug: base }, select: { id: true } }))) return base
  return `${base || "team"}-${randomBytes(3).toString("hex")}`
}
