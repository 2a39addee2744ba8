"use client"

import { useRouter } from "next/navigation"
import { useEffect } from "react"

const FIRST_MS = 2_000
const LONGEST_MS = 30_000

/**
 * Asks for the page again, less and less often, for as long as it is rendered. Rendered while something is awaited,
 * such as a payment under way.
 */
export function ProcessingRefresher({ longestMs = LONGEST_MS }: { longestMs?: number }) {
  const router = useRouter()

  useEffect(() => {
    let delayMs = FIRST_MS
    let timer = setTimeout(function look() {
      if (!document.hidden) router.refresh()
      delayMs = Math.min(delayMs * 1.5, longestMs)
      timer = setTimeout(look, delayMs)
    }, delayMs)
    return () => clearTimeout(timer)
  }, [router, longestMs])

  return null
}
