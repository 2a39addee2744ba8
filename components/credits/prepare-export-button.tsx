"use client"

import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { type Refusal, useAction } from "@/components/ui/use-action"

export type PrepareExportButtonProps = {
  name: string
  detail: string
  query: string
  /** A server action. */
  prepare: (input: { query: string }) => Promise<{ ok: true; value: { exportId: string } } | Refusal>
  /** The address before the export's id. */
  path: string
}

/** Asks for a large file, and leads to the page that says how far it is. */
export function PrepareExportButton({ name, detail, query, prepare, path }: PrepareExportButtonProps) {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const { refusal, call } = useAction(prepare, { unreachable: "No answer came. Try again." })
  const press = () =>
    startTransition(async () => {
      const result = await call({ query })
      if (result?.ok) router.push(`${path}/${result.value.exportId}`)
    })
  return (
    <>
      <button
        className="block w-full rounded-control px-3 py-2 text-left hover:bg-sunken disabled:opacity-55"
        disabled={isPending}
        onClick={press}
        type="button"
      >
        <span className="block font-medium">{name}</span>
        <span className="block text-caption text-muted">{detail}</span>
      </button>
      {refusal && (
        <p className="px-3 pb-2 text-caption text-danger" role="alert">
          {refusal.message}
        </p>
      )}
    </>
  )
}
