import type { Db } from "@/lib/db/client"

export type OutboxMail = { id: string; recipient: string; subject: string; bodyText: string; createdAt: Date }

/** Lists the demo's mails, newest first. With an SMTP server none are kept. */
export function listOutboxMails(db: Db): Promise<OutboxMail[]> {
  return db.outboxMail.findMany({ orderBy: { id: "desc" }, take: 20 })
}
