type Cookie = { name: string; value: string }

/** A server action's request as Next would know it, and whether the page is to be read again. */
export const request = { headers: new Headers(), cookies: new Map<string, string>(), pageReads: 0 }

// Replaces `next/headers` and `next/cache` through an alias, because outside Next there is no request to read.
export const headers = async () => request.headers
export const cookies = async () => ({
  get(name: string): Cookie | undefined {
    const value = request.cookies.get(name)
    return value === undefined ? undefined : { name, value }
  },
  set: (name: string, value: string) => void request.cookies.set(name, value),
  delete: ({ name }: { name: string }) => void request.cookies.delete(name),
})

export function refresh(): void {
  request.pageReads += 1
}

/** Begins a request of our own page, without a session. */
export function beginRequest(headers: Record<string, string> = { origin: "http://localhost:3000" }): void {
  request.headers = new Headers(headers)
  request.cookies.clear()
  request.pageReads = 0
}
