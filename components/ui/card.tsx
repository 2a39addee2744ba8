import type { ReactNode } from "react"
import { classNames } from "./class-names"

type CardProps = { labelledBy?: string; className?: string; children: ReactNode }

export function Card({ labelledBy, className, children }: CardProps) {
  return (
    <section
      aria-labelledby={labelledBy}
      className={classNames("rounded-card border border-border bg-surface", className)}
    >
      {children}
    </section>
  )
}

/** The title on the left, the one action of the card on the right. */
export function CardHeader({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex min-h-11 items-center justify-between gap-4 px-5 pt-5 sm:px-6">
      {children}
      {action}
    </div>
  )
}

export function CardTitle({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <h2 className="min-w-0 text-body font-semibold" id={id}>
      {children}
    </h2>
  )
}

type CardSectionProps = {
  title?: string
  action?: ReactNode
  divided?: boolean
  className?: string
  children: ReactNode
}

export function CardSection({ title, action, divided = false, className, children }: CardSectionProps) {
  return (
    <div className={classNames("px-5 py-5 sm:px-6", divided && "border-t border-border", className)}>
      {title && (
        <div className="mb-2 flex items-center justify-between gap-4">
          <h3 className="text-body font-semibold">{title}</h3>
          {action}
        </div>
      )}
      {children}
    </div>
  )
}
