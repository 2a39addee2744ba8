"use client"

import { useEffect, useRef, useState } from "react"
import { formatBalance } from "@/lib/money/usd"

const COUNT_MS = 150

/** The balance. It counts up or down once when it changes on an open page; otherwise it is a plain number. */
export function BalanceFigure({ nanos }: { nanos: bigint }) {
  const [shown, setShown] = useState(nanos)
  const last = useRef(nanos)

  useEffect(() => {
    const from = last.current
    const show = (value: bigint) => {
      last.current = value
      setShown(value)
    }
    if (from === nanos) return
    if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return show(nanos)
    const startedAt = performance.now()
    let frame = requestAnimationFrame(function step(time) {
      const progress = Math.min(1, Math.max(0, (time - startedAt) / COUNT_MS))
      show(from + ((nanos - from) * BigInt(Math.round(progress * 1000))) / 1000n)
      if (progress < 1) frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [nanos])

  return <span className="whitespace-nowrap tabular-nums">{formatBalance(shown)}</span>
}
