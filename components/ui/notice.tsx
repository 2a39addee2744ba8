import type { ReactNode } from "react"
import { classNames } from "./class-names"
import { Icon, type IconName } from "./icon"

export type NoticeTone = "info" | "warning" | "danger"

const TONES: Record<NoticeTone, { box: string; icon: IconName; iconColor: string; word: string }> = {
  info: { box: "border-border bg-sunken", icon: "info", iconColor: "text-accent", word: "Note" },
  warning: {
    box: "border-warning-border bg-warning-soft",
    icon: "alert",
    iconColor: "text-warning",
    word: "Warning",
  },
  danger: {
    box: "border-danger-border bg-danger-soft",
    icon: "alert",
    iconColor: "text-danger",
    word: "Problem",
  },
}

type NoticeProps = {
  tone?: NoticeTone
  title?: string
  /** Set when it answers something the person did, so that a screen reader reads it at once. */
  announce?: boolean
  action?: ReactNode
  children: ReactNode
}

export function Notice({ tone = "info", title, announce = false, action, children }: NoticeProps) {
  const { box, icon, iconColor, word } = TONES[tone]
  return (
    <div
      className={classNames("flex items-start gap-3 rounded-control border px-4 py-3 text-caption", box)}
      role={announce ? "alert" : undefined}
    >
      <Icon className={classNames("mt-0.5", iconColor)} name={icon} />
      <div className="min-w-0 flex-1">
        <p className={classNames("font-medium", !title && "sr-only")}>{title ?? `${word}: `}</p>
        <div className="text-pretty">{children}</div>
        {action && <div className="mt-3 empty:hidden">{action}</div>}
      </div>
    </div>
  )
}
