"use server"

import { z } from "zod"
import { startExport } from "@/lib/billing-page/start-export"
import { memberAction } from "@/lib/web/member-action"

/** Asks for a large export, which comes by mail. */
export const prepareExport = memberAction({
  permission: "records:export",
  input: z.strictObject({ query: z.string().max(1_000) }),
  run: ({ db, now, team, actor }, { query }) => startExport({ db, now, teamId: team.id, actor }, query),
})
