import type { Metadata } from "next"
import { CheckYourEmail } from "@/components/sign-in/check-your-email"
import { env } from "@/lib/env"

export const metadata: Metadata = { title: "Check your email" }

export default function CheckYourEmailPage() {
  return <CheckYourEmail outboxHref={env().SMTP_URL ? null : "/outbox"} signInHref="/sign-in" />
}
