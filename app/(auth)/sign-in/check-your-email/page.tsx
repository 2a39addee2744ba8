import type { Metadata } from "next"
import { CheckYourEmail } from "@/components/sign-in/check-your-email"
import { ownPath } from "@/lib/auth/own-path"
import { env } from "@/lib/env"

export const metadata: Metadata = { title: "Check your email" }

type Props = { searchParams: Promise<{ next?: string | string[] }> }

export default async function CheckYourEmailPage({ searchParams }: Props) {
  const { APP_URL, SMTP_URL } = env()
  const next = ownPath((await searchParams).next, APP_URL)
  return (
    <CheckYourEmail
      outboxHref={SMTP_URL ? null : "/outbox"}
      signInHref={next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`}
    />
  )
}
