import type { Db } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { alarm } from "@/lib/log"
import { framedMail } from "@/lib/mail/framed-mail"
import { MailRefusedError, sendMail } from "@/lib/mail/send-mail"
import { can } from "@/lib/teams/permissions"
import { exportToken } from "./export-link"

type Ctx = { db: Db; now: Date; appUrl: string }

/** Mails an export's link to whoever asked for it, if they may still have it. */
export async function mailExport(
  { db, now, appUrl }: Ctx,
  { teamId, exportId }: { teamId: string; exportId: string },
): Promise<void> {
  const found = await db.export.findUnique({ where: { teamId_id: { teamId, id: exportId } } })
  if (!found?.expiresAt || found.expiresAt <= now) return
  const member = await db.member.findFirst({
    where: { teamId, id: found.memberId, removedAt: null, team: { deletedAt: null } },
    select: { role: true, userId: true, team: { select: { name: true, slug: true } } },
  })
  if (!member || !can(member.role, "records:export")) return
  const { email } = await db.user.findUniqueOrThrow({ where: { id: member.userId }, select: { email: true } })
  const { name, slug } = member.team
  const path = exportPath(slug, { id: exportId, token: exportToken({ teamId, id: exportId }) })
  const words = await framedMail({
    subject: "Your export is ready",
    title: "Your export is ready",
    body: `${found.countedRows.toLocaleString("en-US")} transactions of ${name} are ready to download.`,
    teamName: name,
    action: { label: "Go to the download", url: `${appUrl}${path}` },
    footer: [{ text: "The link works for 24 hours, for Owners and Admins of the team." }],
  })
  const messageId = `<export.${exportId}@${new URL(appUrl).hostname}>`
  try {
    await sendMail({ ...words, to: email, messageId })
  } catch (error) {
    if (!(error instanceof MailRefusedError)) throw error
    alarm("mail_refused", { team: teamId }, { export: exportId })
  }
}

/** Returns the address of an export's page, with the secret that its download needs. */
export function exportPath(slug: string, { id, token }: { id: string; token: string }): string {
  return `/${slug}/settings/account/billing/exports/${toPublicId("exp", id)}?key=${token}`
}
