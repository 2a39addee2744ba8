import { API_VERSION, invalidRequest, unauthorized } from "../notation/errors"

export type ReadHeader = (name: string) => string | undefined

export function apiKeyOf(header: ReadHeader): string {
  const given = header("authorization") ?? ""
  const basic = given.match(/^Basic (.+)$/i)?.[1]
  const key = basic
    ? Buffer.from(basic, "base64").toString().split(":")[0]
    : given.match(/^Bearer (.+)$/i)?.[1]
  if (!key) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  if (!/^(sk|rk)_test_\w+$/.test(key)) throw unauthorized(`Invalid API Key provided: ${key.slice(0, 8)}****`)
  return key
}

export function requireVersion(header: ReadHeader): void {
  const version = header("stripe-version")
  if (version && version !== API_VERSION) {
    throw invalidRequest(
      `Invalid Stripe API version: ${version}. The Stripe stand-in speaks ${API_VERSION} only.`,
    )
  }
}

export function refuseRemovedParameter(params: Record<string, unknown>): void {
  if (!("payment_method_types" in params)) return
  throw invalidRequest(
    "The parameter `payment_method_types` is no longer accepted in this API version. Use `allowed_payment_method_types` instead.",
    { code: "parameter_unknown", param: "payment_method_types" },
  )
}
