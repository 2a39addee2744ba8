import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { Outbox } from "@/components/demo/outbox"
import { env } from "@/lib/env"
import { listOutboxMails } from "@/lib/mail/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"

export const metadata: Metadata = { title: "Outbox" }

/** Exists only in the demo, because its mails hold sign-in links. */
export default async function OutboxPage() {
  const { DEMO_MODE, SMTP_URL } = env()
  if (!DEMO_MODE || SMTP_URL) notFound()
  const { db, now } = pageCtx()
  return <Outbox mails={await listOutboxMails(db)} now={await readersNow(now)} />
}
