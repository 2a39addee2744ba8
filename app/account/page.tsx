import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { BackLink } from "@/components/ui/back-link"
import { ProductMark } from "@/components/ui/product-mark"
import { getCurrentUser } from "@/lib/auth/session"
import { OwnAccount } from "./own-account"

export const metadata: Metadata = { title: "Profile" }

/** The profile of a person who may have no team. A team's settings show the same. */
export default async function AccountPage() {
  const user = await getCurrentUser()
  if (!user) redirect("/sign-in?next=/account")
  return (
    <main className="mx-auto w-full max-w-[60rem] px-4 py-8 sm:px-8" id="main">
      <div className="mb-8">
        <ProductMark />
      </div>
      <BackLink href="/teams">Teams</BackLink>
      <OwnAccount userId={user.id} />
    </main>
  )
}
