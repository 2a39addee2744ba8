import "@fontsource-variable/geist"
import "./globals.css"
import type { Metadata, Viewport } from "next"
import type { ReactNode } from "react"
import { TellTimeZone } from "@/components/shell/tell-time-zone"
import { TestMode } from "@/components/shell/test-mode"
import { Toasts } from "@/components/ui/toasts"
import { env, isTestModeInPublic } from "@/lib/env"
import { TIME_ZONE_COOKIE } from "@/lib/web/time-zone"

export const metadata: Metadata = {
  title: { default: "Credits", template: "%s · Credits" },
  description: "Prepaid credits for your team: see the balance, add credits, follow every transaction.",
  icons: { icon: "/icon.svg" },
}

// Each page carries its own nonce, so no page can be rendered in advance.
export const dynamic = "force-dynamic"

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8f9fb" },
    { media: "(prefers-color-scheme: dark)", color: "#0d0f13" },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {isTestModeInPublic(env()) && <TestMode />}
        {children}
        <Toasts />
        <TellTimeZone cookie={TIME_ZONE_COOKIE} />
      </body>
    </html>
  )
}
