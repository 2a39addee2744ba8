"use client"

import { MessagePage } from "@/components/ui/message-page"

export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <MessagePage link={{ href: "/", label: "Try again" }} title="Something went wrong on our side.">
      Try again in a moment.{error.digest ? ` Reference: ${error.digest}` : ""}
    </MessagePage>
  )
}
