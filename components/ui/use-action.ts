import { useRef, useState } from "react"

export type Refusal = { ok: false; code: string; message: string; field?: string }
type Result<T> = { ok: true; value: T } | Refusal

type Options = {
  /** The sentence for when no answer came. Its refusal has the code `unreachable`. */
  unreachable: string
  onPendingChange?: (pending: boolean) => void
}

/** Calls a server action, one call at a time, and keeps the reason of a refusal until the next call. */
export function useAction<Args extends unknown[], T>(
  action: (...args: Args) => Promise<Result<T>>,
  { unreachable, onPendingChange }: Options,
) {
  const [pending, setPending] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  // Beside `pending`, because a second click can come before React has rendered the first one's.
  const isCalling = useRef(false)

  function changePending(next: boolean) {
    isCalling.current = next
    setPending(next)
    onPendingChange?.(next)
  }

  /** Returns null, and calls nothing, while an answer is still awaited. */
  async function call(...args: Args): Promise<Result<T> | null> {
    if (isCalling.current) return null
    changePending(true)
    setRefusal(null)
    const result = await action(...args).catch(
      (): Refusal => ({ ok: false, code: "unreachable", message: unreachable }),
    )
    changePending(false)
    if (!result.ok) setRefusal(result)
    return result
  }

  return { pending, refusal, call, forgetRefusal: () => setRefusal(null) }
}
