import type { Db } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { alarm } from "@/lib/log"
import { type FramedMail, framedMail } from "@/lib/mail/framed-mail"
import { MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { offerToken } from "./offer-ownership"

type Facts = {
  sharesPool: boolean
  team: string
  owner: string
  member: string
  offerId: string
  teamId: string
  settings: string
}

/**
 * Mails the Owner the link that confirms an offer, or the member that ownership is offered, unless that has ended by
 * now. After a crash at the wrong moment the same mail goes out twice, with one id.
 */
export async function mailOwnershipOffer(
  { db, now, appUrl }: { db: Db; now: Date; appUrl: string },
  { teamId, offerId, to }: { teamId: string; offerId: string; to: "owner" | "member" },
): Promise<void> {
  const [row] = await db.$queryRaw<
    {
      team: string
      slug: string
      sharesPool: boolean
      owner: string
      member: string
      ownerEmail: string
      memberEmail: string
    }[]
  >`
    SELECT t.name AS team, t.slug, t.plan = 'enterprise' AS "sharesPool", coalesce(o.name, o.email) AS owner, coalesce(u.name, u.email) AS member,
      o.email AS "ownerEmail", u.email AS "memberEmail"
    FROM ownership_offers f JOIN teams t ON t.id = f.team_id AND t.deleted_at IS NULL
    JOIN members mo ON mo.team_id = f.team_id AND mo.id = f.from_member_id AND mo.role = 'OWNER' AND mo.removed_at IS NULL
    JOIN members mu ON mu.team_id = f.team_id AND mu.id = f.to_member_id AND mu.removed_at IS NULL
    JOIN users o ON o.id = mo.user_id JOIN users u ON u.id = mu.user_id
    WHERE f.team_id = ${teamId}::uuid AND f.id = ${offerId}::uuid AND f.accepted_at IS NULL AND f.ended_at IS NULL
      AND f.expires_at > ${now} AND (f.confirmed_at IS NULL) = ${to === "owner"}`
  if (!row) return
  const facts = { ...row, teamId, offerId, settings: `${appUrl}/${row.slug}/settings` }
  const mail = await framedMail(to === "owner" ? toOwner(facts) : toMember(facts))
  const messageId = `<${offerId}.${to}@${new URL(appUrl).hostname}>`
  try {
    await sendMail({ ...mail, to: to === "owner" ? row.ownerEmail : row.memberEmail, messageId })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { team: teamId }, { ownershipOffer: offerId })
  }
}

function toOwner({ team, member, teamId, offerId, settings }: Facts): FramedMail {
  const query = new URLSearchParams({
    offer: toPublicId("own", offerId),
    token: offerToken({ teamId, id: offerId }),
  })
  return {
    subject: `Confirm that you hand over ${team}`,
    title: `Hand over ${team} to ${member}?`,
    body: `You asked to make ${member} the Owner of ${team}. Nothing changes until you confirm it and they accept.`,
    teamName: team,
    action: { label: "Look and confirm", url: `${settings}/members/ownership?${query}` },
    footer: [
      { text: "The link works for an hour, and only while you’re signed in." },
      { text: "If you didn’t ask for it, sign out everywhere: somebody is using your account." },
    ],
  }
}

function toMember({ team, owner, settings, sharesPool }: Facts): FramedMail {
  return {
    subject: `${owner} offers you ownership of ${team}`,
    title: `Become the Owner of ${team}?`,
    body: `${owner} wants to hand the team over to you.${sharesPool ? "" : " API keys and schedules would then draw from your pool of credits."}`,
    teamName: team,
    action: { label: "Accept or decline", url: `${settings}/profile` },
    footer: [{ text: "The offer stands for 7 days." }],
  }
}
