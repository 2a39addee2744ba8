"use server"

import { confirmSubscription as confirm } from "@/lib/billing/confirm-subscription"
import { openPortal as open } from "@/lib/billing/open-portal"
import { confirmSubscriptionSchema, openPortalSchema, startSubscriptionSchema } from "@/lib/billing/schema"
import { startSubscription as start } from "@/lib/billing/start-subscription"
import { memberAction } from "@/lib/web/member-action"

export const startSubscription = memberAction({
  permission: "plan:change",
  input: startSubscriptionSchema,
  asksStripe: true,
  run: start,
})

export const confirmSubscription = memberAction({
  permission: "plan:change",
  input: confirmSubscriptionSchema,
  asksStripe: true,
  run: ({ db, now, team }) => confirm({ db, now }, team.id),
})

export const openPortal = memberAction({
  permission: "portal:open",
  input: openPortalSchema,
  asksStripe: true,
  run: open,
})
