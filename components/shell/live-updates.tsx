"use client"

import { useRouter } from "next/navigation"
import { useEffect } from "react"

/** The shortest pause between two refreshes, however much happens. */
const PAUSE_MS = 1_000
/** How often to refresh where no events can be received. */
const POLL_MS = 20_000

/** Shows changes while the page is open. A page out of sight waits until somebody looks at it. */
export function LiveUpdates({ url }: { url: string }) {
  const router = useRouter()

  useEffect(() => {
    let source: EventSource | null = null
    let wasHeard = false
    let isRefused = false
    let waiting: ReturnType<typeof setTimeout> | null = null
    let refreshedAt = 0

    const refresh = () => {
      if (document.hidden || waiting !== null) return
      const leftMs = Math.max(0, refreshedAt + PAUSE_MS - performance.now())
      waiting = setTimeout(() => {
        waiting = null
        refreshedAt = performance.now()
        router.refresh()
      }, leftMs)
    }
    const listen = () => {
      source?.close()
      source = new EventSource(url)
      source.addEventListener("message", refresh)
      // The stream was refused: the page asks once whether it may still be seen.
      source.addEventListener("error", () => {
        if (source?.readyState !== EventSource.CLOSED || isRefused) return
        isRefused = true
        refresh()
      })
      // Something may have happened while nobody listened.
      source.addEventListener("hello", () => {
        if (wasHeard) refresh()
        wasHeard = true
        isRefused = false
      })
    }
    const poll = setInterval(() => {
      if (document.hidden || source?.readyState === EventSource.OPEN) return
      refresh()
      if (source?.readyState === EventSource.CLOSED) listen()
    }, POLL_MS)
    // A browser has few connections per host, so pages in the background give theirs back.
    const onVisibility = () => {
      if (document.hidden) source?.close()
      else listen()
    }

    if (!document.hidden) listen()
    document.addEventListener("visibilitychange", onVisibility)
    return () => {
      source?.close()
      clearInterval(poll)
      if (waiting !== null) clearTimeout(waiting)
      document.removeEventListener("visibilitychange", onVisibility)
    }
  }, [router, url])

  return null
}
