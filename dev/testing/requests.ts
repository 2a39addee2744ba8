type Cookie = { name: string; value: string }

/** What Next would know of the request that a server action runs in, and whether it is to read the page again. */
export const request = { headers: new Headers(), cookies: new Map<string, string>(), pageReads: 0 }

// What stands in for `next/headers` and `next/cache`, by an alias: outside Next there is no request to read.
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

/** A request of our own page, without a session. */
export function beginRequest(headers: Record<string, string> = { origin: "http://localhost:3000" }): void {
  request.headers = new Headers(headers)
  request.cookies.clear()
  request.pageReads = 0
}
