import type { ReactNode } from "react"
import { classNames } from "./class-names"
import { Icon, type IconName } from "./icon"

type BadgeTone = "neutral" | "warning" | "danger" | "accent"

const TONES: Record<BadgeTone, string> = {
  neutral: "border-border bg-sunken text-muted",
  warning: "border-warning-border bg-warning-soft text-warning",
  danger: "border-danger-border bg-danger-soft text-danger",
  accent: "border-transparent bg-accent-soft text-accent",
}

export function Badge({
  tone = "neutral",
  icon,
  children,
}: {
  tone?: BadgeTone
  icon?: IconName
  children: ReactNode
}) {
  return (
    <span
      className={classNames(
        "inline-flex h-6 shrink-0 items-center gap-1 rounded-full border px-2 text-caption font-medium tracking-normal whitespace-nowrap",
        TONES[tone],
      )}
    >
      {icon && <Icon className="size-3.5" name={icon} />}
      {children}
    </span>
  )
}
