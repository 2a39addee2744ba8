import type { Metadata } from "next"
import { Button } from "@/components/ui/button"
import { MessagePage } from "@/components/ui/message-page"
import { NOTIFICATIONS } from "@/lib/notifications/types"
import { readUnsubscribeToken } from "@/lib/notifications/unsubscribe"

export const metadata: Metadata = { title: "Stop emails" }

const HOME = { href: "/", label: "Open Credits" }

type Props = { searchParams: Promise<{ token?: string | string[]; done?: string }> }

/** Works without signing in and without scripts, as a link in a mail must. */
export default async function UnsubscribePage({ searchParams }: Props) {
  const { token, done } = await searchParams
  const said = typeof token === "string" ? readUnsubscribeToken(token) : null
  if (!said)
    return (
      <MessagePage link={HOME} title="This link isn’t valid">
        Sign in and choose your alerts under Settings, Notifications.
      </MessagePage>
    )
  const { name } = NOTIFICATIONS[said.type]
  if (done)
    return (
      <MessagePage link={HOME} title="You won’t get these emails any more">
        “{name}” still appears in the app. You can turn the emails on again under Settings, Notifications.
      </MessagePage>
    )
  return (
    <MessagePage
      link={{ href: "/", label: "Keep them", variant: "secondary" }}
      title={`Stop emails about “${name}”?`}
    >
      The notifications still appear in the app.
      <form action={`/api/unsubscribe?token=${token}`} className="mt-4" method="post">
        <Button type="submit" variant="primary">
          Stop these emails
        </Button>
      </form>
    </MessagePage>
  )
}
