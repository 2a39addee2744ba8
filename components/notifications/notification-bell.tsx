"use client"

import { useRouter } from "next/navigation"
import { useRef, useState, useTransition } from "react"
import { classNames } from "@/components/ui/class-names"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { Time } from "@/components/ui/time"
import type { ActionResult } from "@/lib/web/action-result"

const PANEL_ID = "notifications"
const MOST = 99

export type BellItem = {
  id: string
  title: string
  body: string
  href: string
  createdAt: string
  isRead: boolean
}

type NotificationBellProps = {
  items: BellItem[]
  unread: number
  now: string
  preferencesHref: string
  markRead: (input: { notificationIds: string[] | "all" }) => Promise<ActionResult<unknown>>
}

/** A native popover, like the account menu: it opens and its links work without our JavaScript. */
export function NotificationBell({ items, unread, now, preferencesHref, markRead }: NotificationBellProps) {
  const router = useRouter()
  const panel = useRef<HTMLDivElement>(null)
  const [readHere, setReadHere] = useState<ReadonlySet<string>>(new Set())
  const [, startTransition] = useTransition()
  const isRead = (item: BellItem) => item.isRead || readHere.has(item.id)
  const left = Math.max(0, unread - items.filter((item) => !item.isRead && readHere.has(item.id)).length)

  function read(ids: string[] | "all") {
    setReadHere(new Set([...readHere, ...(ids === "all" ? items.map(({ id }) => id) : ids)]))
    startTransition(async () => {
      // Items that couldn't be saved as read are unread again at the next look.
      const result = await markRead({ notificationIds: ids }).catch(() => null)
      if (result?.ok) router.refresh()
      else setReadHere(new Set())
    })
  }

  return (
    <div className="shrink-0">
      <button
        aria-label={left > 0 ? `Notifications, ${counted(left)} unread` : "Notifications"}
        className="relative grid size-10 place-items-center rounded-control text-muted transition-colors duration-100 hover:bg-sunken hover:text-text"
        popoverTarget={PANEL_ID}
        type="button"
      >
        <Icon className="size-5" name="bell" />
        {left > 0 && (
          <span
            aria-hidden="true"
            className="absolute top-0.5 right-0 grid h-4.5 min-w-4.5 place-items-center rounded-full border-2 border-background bg-accent px-1 text-[0.6875rem] leading-none font-semibold text-on-accent tabular-nums"
          >
            {counted(left)}
          </span>
        )}
      </button>
      <div
        aria-label="Notifications"
        className="fixed top-16 right-2 left-auto m-0 max-h-[min(36rem,calc(100dvh-5rem))] w-[min(25rem,calc(100vw-1rem))] flex-col overflow-hidden rounded-card border border-border bg-surface p-0 text-text shadow-lg open:flex sm:right-[max(2rem,calc((100vw-72rem)/2))]"
        id={PANEL_ID}
        popover="auto"
        ref={panel}
        role="dialog"
      >
        <div className="flex min-h-12 shrink-0 items-center justify-between gap-4 border-b border-border py-1 pr-2 pl-4">
          <h2 className="font-semibold">Notifications</h2>
          {left > 0 && (
            <button
              className="h-9 rounded-control px-2.5 text-caption font-medium text-accent transition-colors duration-100 hover:bg-sunken"
              onClick={() => read("all")}
              type="button"
            >
              Mark all as read
            </button>
          )}
        </div>
        {items.length === 0 ? (
          <p className="px-4 py-8 text-muted">
            Nothing yet. Alerts about low balances, failed payments and added credits appear here.
          </p>
        ) : (
          <ul className="min-h-0 flex-1 divide-y divide-border overflow-y-auto">
            {items.map((item) => (
              <li key={item.id}>
                <Link
                  className="flex gap-3 px-4 py-3 transition-colors duration-100 hover:bg-sunken"
                  href={item.href}
                  onClick={() => {
                    panel.current?.hidePopover()
                    if (!isRead(item)) read([item.id])
                  }}
                >
                  <span
                    aria-hidden="true"
                    className={classNames(
                      "mt-1.5 size-2 shrink-0 rounded-full",
                      isRead(item) ? "bg-transparent" : "bg-accent",
                    )}
                  />
                  <span className="min-w-0 flex-1">
                    {!isRead(item) && <span className="sr-only">Unread: </span>}
                    <span className={classNames("block break-words", !isRead(item) && "font-medium")}>
                      {item.title}
                    </span>
                    <span className="mt-0.5 block text-caption break-words text-muted">{item.body}</span>
                    <span className="mt-1 block text-caption text-muted">
                      <Time iso={item.createdAt} now={now} />
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        <Link
          className="shrink-0 border-t border-border px-4 py-3 text-caption text-muted transition-colors duration-100 hover:bg-sunken hover:text-text"
          href={preferencesHref}
          onClick={() => panel.current?.hidePopover()}
        >
          Choose your alerts
        </Link>
      </div>
    </div>
  )
}

const counted = (count: number) => (count > MOST ? `${MOST}+` : String(count))
