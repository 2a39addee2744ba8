"use client"

import NextLink from "next/link"
import { type ComponentProps, useState } from "react"

/**
 * A link within the app. Its page is fetched when a pointer or the focus comes near. Fetching for being in view would
 * ask the server for every possible next page.
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
