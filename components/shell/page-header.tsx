import type { ReactNode } from "react"

type PageHeaderProps = {
  title: string
  /**
   * The way to the page from the outside in: `["Settings", "Account"]`. Only where the navigation beside it doesn't
   * show it.
   */
  trail?: string[]
  description?: ReactNode
  action?: ReactNode
}

export function PageHeader({ title, trail = [], description, action }: PageHeaderProps) {
  return (
    <div className="mb-6 flex items-end justify-between gap-4">
      <div className="min-w-0">
        {trail.length > 0 && <p className="text-caption text-muted lg:hidden">{trail.join(" / ")}</p>}
        <h1 className="text-title font-semibold">{title}</h1>
        {description && <p className="mt-1 break-words text-muted">{description}</p>}
      </div>
      {action}
    </div>
  )
}
