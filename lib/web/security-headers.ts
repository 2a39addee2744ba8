type Options = { nonce: string; isDevelopment: boolean; isHttps: boolean; standInUrl?: string }

/**
 * Returns the headers of every page. The hosts are those in Stripe's guide for its payment form, plus the stand-in's
 * origin when one is configured.
 */
export function securityHeaders({ nonce, isDevelopment, isHttps, standInUrl }: Options) {
  const standIn = standInUrl ? [new URL(standInUrl).origin] : []
  const stripeScripts = ["https://js.stripe.com", "https://*.js.stripe.com", "https://checkout.stripe.com"]
  const directives = [
    ["default-src", "'self'"],
    [
      "script-src",
      "'self'",
      `'nonce-${nonce}'`,
      "'strict-dynamic'",
      ...stripeScripts,
      ...standIn,
      ...(isDevelopment ? ["'unsafe-eval'"] : []),
    ],
    ["style-src", "'self'", `'nonce-${nonce}'`],
    // Floating parts get position and size as attributes, which can't run anything.
    ["style-src-attr", "'unsafe-inline'"],
    ["img-src", "'self'", "data:", "https://*.stripe.com"],
    ["font-src", "'self'"],
    ["connect-src", "'self'", "https://api.stripe.com", "https://checkout.stripe.com", ...standIn],
    ["frame-src", ...stripeScripts, "https://hooks.stripe.com", ...standIn],
    ["object-src", "'none'"],
    ["base-uri", "'none'"],
    ["form-action", "'self'"],
    ["frame-ancestors", "'none'"],
  ]
  return {
    "content-security-policy": directives.map((parts) => parts.join(" ")).join("; "),
    "cache-control": "private, no-store",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    // Wallets pay in a window of their own, which reports back.
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    ...strictTransport(isHttps),
  }
}

/** Keeps browsers on https for two years. Nothing without https: on this machine it would hold for every port. */
export function strictTransport(isHttps: boolean): Record<string, string> {
  return isHttps ? { "strict-transport-security": "max-age=63072000; includeSubDomains" } : {}
}
