import { afterEach, beforeEach } from "vitest"
import { ofThisProcess } from "@/lib/per-process"
import { startInEnvironment } from "./environment"
import { startMailServer } from "./servers/smtp"
import type { DatabaseWorld } from "./world"

type MailServer = Awaited<ReturnType<typeof startMailServer>>

/** Gives each test of a file a mail server of its own, and mails through it. */
export function testMailServer(world: DatabaseWorld): Pick<MailServer, "received"> {
  let server: MailServer
  beforeEach(async () => {
    server = await startMailServer()
    startInEnvironment({
      DATABASE_URL: world.databaseUrl,
      SMTP_URL: server.url,
      MAIL_FROM: "Credits <billing@example.com>",
    })
    ofThisProcess.set("db", world.db)
  })
  afterEach(() => server.stop())
  return {
    get received() {
      return server.received
    },
  }
}
