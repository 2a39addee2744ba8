import { useEffect, useState } from "react"
import { MAX_SEARCH_LENGTH } from "@/lib/search/schema"
import { NOTHING, narrow } from "./matching"
import type { PaletteResults } from "./palette-types"

/** Shorter than a pause between words, longer than one between letters. */
const PAUSE_MS = 180
const PATIENCE_MS = 10_000

type Answer = { text: string; results: PaletteResults | null }

/**
 * Asks the server once the text rests. Each text calls off the question about the one before, so that no answer comes
 * after a newer one.
 */
export function useSearch(
  url: string,
  text: string,
): { results: PaletteResults; isAsking: boolean; hasFailed: boolean } {
  const [answer, setAnswer] = useState<Answer>({ text: "", results: NOTHING })
  const isQuestion = text !== "" && text.length <= MAX_SEARCH_LENGTH

  useEffect(() => {
    if (!isQuestion) return
    const question = new AbortController()
    let isCalledOff = false
    let timer = setTimeout(async () => {
      timer = setTimeout(() => question.abort(), PATIENCE_MS)
      const results = await ask(url, text, question.signal).catch(() => null)
      clearTimeout(timer)
      if (!isCalledOff) setAnswer({ text, results })
    }, PAUSE_MS)
    return () => {
      isCalledOff = true
      clearTimeout(timer)
      question.abort()
    }
  }, [url, text, isQuestion])

  if (!isQuestion) return { results: NOTHING, isAsking: false, hasFailed: false }
  const isAsking = answer.text !== text
  const results = answer.results ?? NOTHING
  return {
    results: isAsking ? narrow(results, text) : results,
    isAsking,
    hasFailed: !isAsking && answer.results === null,
  }
}

async function ask(url: string, text: string, signal: AbortSignal): Promise<PaletteResults> {
  const answer = await fetch(`${url}?${new URLSearchParams({ text })}`, { signal })
  if (!answer.ok) throw new Error(`The search answered ${answer.status}`)
  return answer.json()
}
