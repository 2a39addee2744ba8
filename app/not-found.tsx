import type { Metadata } from "next"
import { MessagePage } from "@/components/ui/message-page"
import { NOT_FOUND_TITLE } from "@/lib/web/team-title"

export const metadata: Metadata = { title: NOT_FOUND_TITLE }

export default function NotFound() {
  return (
    <MessagePage
      link={{ href: "/", label: "Go to your team" }}
      title="This page doesn’t exist or you don’t have access to it."
    >
      Check the address, or ask an Owner or Admin of the team.
    </MessagePage>
  )
}
