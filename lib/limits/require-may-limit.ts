import type { Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { ForbiddenError } from "@/lib/errors"

/** Throws ForbiddenError if an Admin would change an Owner's limit. */
export async function requireMayLimit(
  tx: Tx,
  { teamId, memberId }: { teamId: string; memberId: string },
  role: Role,
): Promise<void> {
  if (role !== "OWNER") return
  const actor = await tx.member.findUniqueOrThrow({
    where: { teamId_id: { teamId, id: memberId } },
    select: { role: true },
  })
  if (actor.role !== "OWNER") throw new ForbiddenError("Only an Owner can limit an Owner.")
}
