"use client"

import { useRouter } from "next/navigation"
import { useState, useTransition } from "react"
import { Button } from "@/components/ui/button"
import type { ActionResult } from "@/lib/web/action-result"

/** Ends a suspension: the same card is charged again. */
export function ResumeButton({ resume }: { resume: () => Promise<ActionResult<void>> }) {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const [isPending, startTransition] = useTransition()

  function press() {
    setProblem(null)
    startTransition(async () => {
      const result = await resume().catch(() => null)
      if (result?.ok) router.refresh()
      else setProblem(result?.message ?? "It couldn’t be resumed. Check your connection, then try again.")
    })
  }

  return (
    <>
      <Button onClick={press} pending={isPending} size="small">
        Resume
      </Button>
      {problem && (
        <p className="basis-full text-danger" role="alert">
          {problem}
        </p>
      )}
    </>
  )
}
