const SAFE = /^[A-Za-z0-9._:-]{1,100}$/

/** Returns the caller's request id if it is harmless in logs and headers, else a new one. */
export function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id")
  return given !== null && SAFE.test(given) ? given : crypto.randomUUID()
}
