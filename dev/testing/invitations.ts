import { hashToken, newToken } from "@/lib/auth/token"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { newId, toPublicId } from "@/lib/ids"
import type { TestTeam } from "./teams"

/** Invites an address as the team's Owner, and returns the link's token, which no mail carries. */
export async function createTestInvitation(
  db: Db,
  team: TestTeam,
  {
    email,
    role = "MEMBER",
    sentDaysAgo = 0,
  }: { email: string; role?: "ADMIN" | "MEMBER"; sentDaysAgo?: number },
): Promise<{ id: string; publicId: string; token: string }> {
  const id = newId()
  const token = `inv_${toPublicId("team", team.id).slice("team_".length)}_${newToken()}`
  const sentAt = new Date(Date.now() - sentDaysAgo * DAY_MS)
  await db.invitation.create({
    data: {
      teamId: team.id,
      id,
      email,
      role,
      tokenHash: hashToken(token),
      invitedByMemberId: team.owner.memberId,
      sentAt,
      expiresAt: new Date(sentAt.getTime() + 7 * DAY_MS),
    },
  })
  return { id, publicId: toPublicId("inv", id), token }
}
