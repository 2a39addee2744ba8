"use client"

import { useEffect, useState } from "react"
import type { OpenPortal } from "@/components/plan/plan-types"
import { Button } from "@/components/ui/button"

type PortalButtonProps = {
  openPortal: OpenPortal
  /** `link` where it stands at the end of a list. */
  look?: "button" | "link"
  children: string
}

const UNREACHABLE = "Stripe’s page couldn’t be opened. Check your connection, then try again."

/** Leads to Stripe's own page about the team, and back from there. */
export function PortalButton({ openPortal, look = "button", children }: PortalButtonProps) {
  const [opening, setOpening] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  // The browser's Back button can restore the page, and the button would wait for ever.
  useEffect(() => {
    const comeBack = () => setOpening(false)
    window.addEventListener("pageshow", comeBack)
    return () => window.removeEventListener("pageshow", comeBack)
  }, [])

  async function open() {
    setOpening(true)
    setProblem(null)
    const result = await openPortal().catch(() => null)
    if (result?.ok) return window.location.assign(result.value.url)
    setOpening(false)
    setProblem(result ? result.message : UNREACHABLE)
  }

  return (
    <div className="flex min-w-0 flex-col items-end gap-2">
      <Button
        className={look === "link" ? "-mr-3" : undefined}
        onClick={open}
        pending={opening}
        size={look === "link" ? "small" : "medium"}
        variant={look === "link" ? "ghost" : "secondary"}
      >
        {children}
      </Button>
      {problem && (
        <p className="max-w-[36ch] text-right text-caption text-danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
