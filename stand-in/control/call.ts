type Query = Record<string, string | undefined>

export type ControlCall = <T>(method: string, path: string, body?: unknown, query?: Query) => Promise<T>

/** Calls the control routes of a running stand-in. Throws a refusal with its message. */
export function controlCall(baseUrl: string): ControlCall {
  return async function call<T>(method: string, path: string, body?: unknown, query: Query = {}): Promise<T> {
    const url = new URL(`/_control${path}`, baseUrl)
    for (const [key, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(key, value)
    const response = await fetch(url, { method, body: body === undefined ? undefined : JSON.stringify(body) })
    const answer = (await response.json()) as T & { error?: unknown }
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer.error)}`)
    return answer
  }
}
