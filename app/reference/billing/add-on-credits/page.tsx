import type { Metadata } from "next"
import { AddOnCreditsArticle } from "@/components/reference/add-on-credits-article"
import { errorPage, WHO_PAYS } from "@/lib/reference/pages"

export const metadata: Metadata = {
  title: "Add-on credits",
  description: "See the balance, purchase credits, and let auto top-up keep it from running dry.",
}

export default function AddOnCreditsPage() {
  return <AddOnCreditsArticle related={[WHO_PAYS, errorPage("insufficient_credits")]} />
}
