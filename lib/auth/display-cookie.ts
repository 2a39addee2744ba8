import { cookies } from "next/headers"
import { cache } from "react"
import { DAY_MS, SECOND_MS } from "@/lib/clock"
import { env } from "@/lib/env"
import { encodeDisplay, parseDisplay } from "./display"
import type { Display } from "./schema"

const NAME = "display"
const LIFE_SECONDS = (365 * DAY_MS) / SECOND_MS

/** Returns how this browser's person wants pages to look. */
export const displayOfRequest = cache(
  async (): Promise<Display> => parseDisplay((await cookies()).get(NAME)?.value),
)

/** Gives the browser a person's choices. */
export async function keepDisplay(display: Display): Promise<void> {
  ;(await cookies()).set(NAME, encodeDisplay(display), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: env().APP_URL.startsWith("https://"),
    maxAge: LIFE_SECONDS,
  })
}
