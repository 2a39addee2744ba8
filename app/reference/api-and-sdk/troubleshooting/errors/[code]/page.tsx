import { STATUS_CODES } from "node:http"
import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { ErrorArticle } from "@/components/reference/error-article"
import { ERROR_TEXTS } from "@/lib/reference/error-texts"
import { ERRORS_PATH, getErrorBySlug } from "@/lib/reference/errors"
import { exampleOf } from "@/lib/reference/example-of"
import { errorPage, GUIDE } from "@/lib/reference/pages"
import { toJsonText } from "@/lib/reference/to-json-text"

type Props = { params: Promise<{ code: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const error = getErrorBySlug((await params).code)
  return error ? { title: error.title, description: error.summary } : {}
}

export default async function ErrorPage({ params }: Props) {
  const error = getErrorBySlug((await params).code)
  // The page about credits is written out beside this one.
  if (!error || error.code === "insufficient_credits") notFound()
  const { happened, remedy } = ERROR_TEXTS[error.code]
  return (
    <ErrorArticle
      error={error}
      errorsHref={ERRORS_PATH}
      example={toJsonText(exampleOf(error))}
      happened={happened}
      related={[GUIDE, errorPage("insufficient_credits")]}
      remedy={remedy}
      status={`${error.status} ${STATUS_CODES[error.status]}`}
    />
  )
}
