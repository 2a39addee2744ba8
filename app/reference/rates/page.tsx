import type { Metadata } from "next"
import { RatesArticle } from "@/components/reference/rates-article"
import { ADD_ON_CREDITS, RATES, WHO_PAYS } from "@/lib/reference/pages"

export const metadata: Metadata = { title: RATES.label, description: RATES.about }

export default function RatesPage() {
  return <RatesArticle related={[WHO_PAYS, ADD_ON_CREDITS]} />
}
