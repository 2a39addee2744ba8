import "@fontsource-variable/geist"
import "./globals.css"
import type { Metadata, Viewport } from "next"
import type { ReactNode } from "react"
import { TellTimeZone } from "@/components/shell/tell-time-zone"
import { TestMode } from "@/components/shell/test-mode"
import { Toasts } from "@/components/ui/toasts"
import { displayOfRequest } from "@/lib/auth/display-cookie"
import { env, isTestModeInPublic } from "@/lib/env"
import { TIME_ZONE_COOKIE } from "@/lib/time-zone"

export const metadata: Metadata = {
  title: { default: "Credits", template: "%s · Credits" },
  description: "Prepaid credits for your team: see the balance, add credits, follow every transaction.",
  icons: { icon: "/icon.svg" },
}

// Each page carries its own nonce, so no page can be rendered in advance.
export const dynamic = "force-dynamic"

const LIGHT = "#f8f9fb"
const DARK = "#0d0f13"

export async function generateViewport(): Promise<Viewport> {
  const { theme } = await displayOfRequest()
  if (theme !== "system") return { colorScheme: theme, themeColor: theme === "dark" ? DARK : LIGHT }
  return {
    colorScheme: "light dark",
    themeColor: [
      { media: "(prefers-color-scheme: light)", color: LIGHT },
      { media: "(prefers-color-scheme: dark)", color: DARK },
    ],
  }
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { theme } = await displayOfRequest()
  return (
    <html data-theme={theme === "system" ? undefined : theme} lang="en">
      <body>
        {isTestModeInPublic(env()) && <TestMode />}
        {children}
        <Toasts />
        <TellTimeZone cookie={TIME_ZONE_COOKIE} />
      </body>
    </html>
  )
}
