import type { Metadata } from "next"
import { WebhooksArticle } from "@/components/reference/webhooks-article"
import { NOTIFICATION_TYPES, NOTIFICATIONS } from "@/lib/notifications/types"
import { ADD_ON_CREDITS, GUIDE } from "@/lib/reference/pages"

export const metadata: Metadata = {
  title: "Webhooks",
  description: "The signed requests that your systems receive, how to verify them, and how to answer.",
}

export default function WebhooksPage() {
  const events = NOTIFICATION_TYPES.map((type) => ({ type, detail: NOTIFICATIONS[type].detail }))
  return <WebhooksArticle events={events} related={[GUIDE, ADD_ON_CREDITS]} />
}
