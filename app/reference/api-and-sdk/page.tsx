import type { Metadata } from "next"
import { ApiGuideArticle } from "@/components/reference/api-guide-article"
import { API_EXAMPLES, toCurl } from "@/lib/reference/api-examples"
import { ERRORS_PATH } from "@/lib/reference/errors"
import { ADD_ON_CREDITS, WHO_PAYS } from "@/lib/reference/pages"
import { toJsonText } from "@/lib/reference/to-json-text"

export const metadata: Metadata = {
  title: "API guide",
  description: "Keys, idempotency, and each endpoint of the metering API with an example.",
}

export default function ApiGuidePage() {
  return (
    <ApiGuideArticle
      errorsHref={ERRORS_PATH}
      examples={API_EXAMPLES.map((example) => ({
        id: example.id,
        title: example.title,
        text: example.text,
        call: `${example.method} ${example.path.replace(/[a-z]+_[0-9a-z]{26}/, "{id}")}`,
        request: toCurl(example),
        answer: toJsonText(example.answer),
      }))}
      openApiHref="/api/v1/openapi.json"
      related={[WHO_PAYS, ADD_ON_CREDITS]}
    />
  )
}
