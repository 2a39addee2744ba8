import type { Metadata } from "next"
import { WhoPaysArticle } from "@/components/reference/who-pays-article"
import { ADD_ON_CREDITS, errorPage, GUIDE } from "@/lib/reference/pages"

export const metadata: Metadata = {
  title: "Who pays",
  description: "Which pool a run draws from, by trigger and plan, and in which order it is used.",
}

export default function WhoPaysPage() {
  return <WhoPaysArticle related={[ADD_ON_CREDITS, errorPage("insufficient_credits"), GUIDE]} />
}
