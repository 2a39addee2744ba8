import type { Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { ForbiddenError } from "@/lib/errors"
import { can, type Permission } from "./permissions"

/**
 * Throws `ForbiddenError` unless the member has the permission now, and holds the role still until the transaction
 * ends: a demotion takes effect before or after the transaction's writes, never in between.
 */
export async function requirePermission(
  tx: Tx,
  { teamId, memberId }: { teamId: string; memberId: string },
  permission: Permission,
): Promise<void> {
  const [member] = await tx.$queryRaw<{ role: Role }[]>`
    SELECT role FROM members WHERE team_id = ${teamId}::uuid AND id = ${memberId}::uuid AND removed_at IS NULL FOR SHARE`
  if (!member || !can(member.role, permission)) throw new ForbiddenError()
}
