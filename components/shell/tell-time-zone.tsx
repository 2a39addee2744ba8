"use client"

import { useRouter } from "next/navigation"
import { useEffect } from "react"

const YEAR_SECONDS = 31_536_000

/** Tells the server the reader's time zone, so that every later page has the right hours from the first paint on. */
export function TellTimeZone({ cookie }: { cookie: string }) {
  const router = useRouter()

  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const told = `${cookie}=${encodeURIComponent(zone)}`
    if (!zone || document.cookie.split("; ").includes(told)) return
    const wasToldAnother = document.cookie.includes(`${cookie}=`)
    const secure = location.protocol === "https:" ? "; secure" : ""
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store isn't there over plain http.
    document.cookie = `${told}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`
    // This page is in UTC and says so, which is right for readers who live there.
    if (zone !== "UTC" || wasToldAnother) router.refresh()
  }, [router, cookie])

  return null
}
