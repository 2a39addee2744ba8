import { NotificationBell } from "@/components/notifications/notification-bell"
import { toPublicId } from "@/lib/ids"
import { getInbox } from "@/lib/notifications/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { markRead } from "./settings/notifications/actions"

export async function Bell({ viewer }: { viewer: Viewer }) {
  const { team, member } = viewer
  const { db, now } = pageCtx()
  const { unread, items } = await getInbox(db, team.id, member, now)
  return (
    <NotificationBell
      items={items.map(({ id, title, body, action, createdAt, isRead }) => ({
        id: toPublicId("ntf", id),
        title,
        body,
        href: `/${team.slug}/${action.path}`,
        createdAt: createdAt.toISOString(),
        isRead,
      }))}
      markRead={markRead.bind(null, team.slug)}
      now={await readersNow(now)}
      preferencesHref={`/${team.slug}/settings/notifications`}
      unread={unread}
    />
  )
}
