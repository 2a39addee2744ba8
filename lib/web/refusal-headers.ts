import { strictTransport } from "./security-headers"

/** Returns the headers of a guard's answer, given before the app sees the request. */
export function refusalHeaders(appUrl: string): Record<string, string> {
  return {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...strictTransport(appUrl.startsWith("https://")),
  }
}
