import type { Db } from "@/lib/db/client"

export type OutboxMail = { id: string; recipient: string; subject: string; bodyText: string; createdAt: Date }

/** The mails of the demo, newest first. Nobody else's: with an SMTP server none are kept. */
export function listOutboxMails(db: Db): Promise<OutboxMail[]> {
  return db.outboxMail.findMany({ orderBy: { id: "desc" }, take: 20 })
}
