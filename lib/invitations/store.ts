import type { Tx } from "@/lib/db/client"
import type { GivenRole } from "@/lib/members/schema"

export type OpenInvitation = { id: string; email: string; role: GivenRole; mails: number }

/** Returns an invitation that was neither accepted nor withdrawn, perhaps an expired one, under the team's lock. */
export async function findOpen(
  tx: Tx,
  teamId: string,
  which: { id: string } | { email: string },
): Promise<OpenInvitation | null> {
  const found = await tx.invitation.findFirst({
    where: { teamId, ...which, acceptedAt: null, revokedAt: null },
    select: { id: true, email: true, role: true, mails: true },
  })
  // A CHECK holds that nobody is invited as Owner.
  return found && { ...found, role: found.role === "ADMIN" ? "ADMIN" : "MEMBER" }
}
