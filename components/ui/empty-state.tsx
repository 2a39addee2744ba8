import type { ReactNode } from "react"

export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="py-8 text-center">
      <p className="font-medium">{title}</p>
      {children && (
        <p className="mx-auto mt-1 max-w-[48ch] text-balance text-caption text-muted">{children}</p>
      )}
    </div>
  )
}
