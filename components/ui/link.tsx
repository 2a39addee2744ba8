"use client"

import NextLink from "next/link"
import { type ComponentProps, useState } from "react"

/**
 * A link within the app. Its page is fetched when a pointer or the focus comes near, not for being in view: each view of a
 * page would otherwise ask the server for every page that could come next.
 */
export function Link({ onFocus, onPointerEnter, ...props }: ComponentProps<typeof NextLink>) {
  const [isNear, setIsNear] = useState(false)
  return (
    <NextLink
      prefetch={isNear ? null : false}
      {...props}
      onFocus={(event) => {
        setIsNear(true)
        onFocus?.(event)
      }}
      onPointerEnter={(event) => {
        setIsNear(true)
        onPointerEnter?.(event)
      }}
    />
  )
}
