import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { isFor } from "./accept-invitation"
import { parseInvitationToken } from "./token"

export type OpenInvitationRow = {
  id: string
  email: string
  role: Role
  invitedBy: string
  sentAt: Date
  expiresAt: Date
}

/** Enough to look through. The newest come first. */
const SHOWN = 100

/** Lists the invitations that nobody has accepted or withdrawn, newest first, expired ones too. */
export async function listOpenInvitations(
  db: Db,
  teamId: string,
): Promise<{ invitations: OpenInvitationRow[]; hasMore: boolean }> {
  const rows = await db.$queryRaw<OpenInvitationRow[]>`
    SELECT i.id, i.email, i.role, coalesce(u.name, u.email, 'a former member') AS "invitedBy",
      i.sent_at AS "sentAt", i.expires_at AS "expiresAt"
    FROM invitations i
    JOIN members m ON m.team_id = i.team_id AND m.id = i.invited_by_member_id
    LEFT JOIN users u ON u.id = m.user_id
    WHERE i.team_id = ${teamId}::uuid AND i.accepted_at IS NULL AND i.revoked_at IS NULL
    ORDER BY i.id DESC LIMIT ${SHOWN + 1}`
  return { invitations: rows.slice(0, SHOWN), hasMore: rows.length > SHOWN }
}

export type InvitationView =
  /** Nobody is told more about a link that leads nowhere. */
  | { state: "gone" }
  | {
      state: "open" | "other_address" | "expired" | "used"
      team: string
      email: string
      role: Role
      invitedBy: string
    }
  | { state: "already_in"; team: string; slug: string }

/** Returns what an invitation's link means to the person who opened it, signed in or not. */
export async function viewInvitation(
  { db, now }: { db: Db; now: Date },
  token: string,
  person: { id: string; email: string } | null,
): Promise<InvitationView> {
  const place = parseInvitationToken(token)
  if (!place) return { state: "gone" }
  const [row] = await db.$queryRaw<
    {
      email: string
      role: Role
      expiresAt: Date
      acceptedAt: Date | null
      team: string
      slug: string
      invitedBy: string
      isIn: boolean
    }[]
  >`
    SELECT i.email, i.role, i.expires_at AS "expiresAt", i.accepted_at AS "acceptedAt", t.name AS team, t.slug,
      coalesce(u.name, u.email, 'A former member') AS "invitedBy",
      EXISTS (SELECT 1 FROM members p WHERE p.team_id = t.id AND p.user_id = ${person?.id ?? null}::uuid
        AND p.removed_at IS NULL) AS "isIn"
    FROM invitations i
    JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL
    JOIN members m ON m.team_id = i.team_id AND m.id = i.invited_by_member_id
    LEFT JOIN users u ON u.id = m.user_id
    WHERE i.team_id = ${place.teamId}::uuid AND i.token_hash = ${place.tokenHash} AND i.revoked_at IS NULL`
  if (!row) return { state: "gone" }
  const { email, role, team, slug, invitedBy } = row
  if (row.isIn) return { state: "already_in", team, slug }
  const view = { team, email, role, invitedBy }
  if (row.acceptedAt) return { state: "used", ...view }
  if (person && !isFor(row, person)) return { state: "other_address", ...view }
  return { state: row.expiresAt > now ? "open" : "expired", ...view }
}
