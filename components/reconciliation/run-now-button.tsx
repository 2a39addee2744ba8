"use client"

import { useRouter } from "next/navigation"
import { useState, useTransition } from "react"
import { Button } from "@/components/ui/button"
import type { ActionResult } from "@/lib/web/action-result"

type RunNowButtonProps = {
  /** A server action. */
  run: (input: Record<string, never>) => Promise<ActionResult<null>>
  isUnderWay: boolean
}

export function RunNowButton({ run, isUnderWay }: RunNowButtonProps) {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  // Until the page that says "comparing" is there.
  const [isPending, startTransition] = useTransition()

  function start() {
    setProblem(null)
    startTransition(async () => {
      const result = await run({}).catch(() => null)
      if (result?.ok) router.refresh()
      else
        setProblem(result?.message ?? "The check couldn’t be started. Check your connection, then try again.")
    })
  }

  return (
    <div className="flex flex-col items-end gap-2">
      <Button onClick={start} pending={isPending || isUnderWay}>
        Run now
      </Button>
      {problem && (
        <p className="max-w-[32ch] text-right text-caption text-danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
