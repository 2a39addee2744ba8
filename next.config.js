// A build to measure has routes to compare with, which are never part of the product.
const isBench = process.env.BENCH === "1"

// Of what isn't a page; `proxy.ts` has those of pages.
const NOT_A_PAGE = ["/api/:path*", "/_next/static/:path*", "/icon.svg"]
const HEADERS = [
  { key: "x-content-type-options", value: "nosniff" },
  { key: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'" },
]
// Only where the browser came by https, which whoever ends it says: on this machine it would hold for every port.
const HTTPS_HEADERS = [{ key: "strict-transport-security", value: "max-age=63072000; includeSubDomains" }]
const BY_HTTPS = [{ type: "header", key: "x-forwarded-proto", value: "https" }]

/** @type {import("next").NextConfig} */
const config = {
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  pageExtensions: ["tsx", "ts", ...(isBench ? ["bench.ts"] : [])],
  typescript: {
    ignoreBuildErrors: isBench || process.env.TYPES_CHECKED_APART === "1",
    ...(isBench ? { tsconfigPath: "tsconfig.bench.json" } : {}),
  },
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  serverExternalPackages: ["pino", "pg", "graphile-worker"],
  headers: async () =>
    NOT_A_PAGE.flatMap((source) => [
      { source, headers: HEADERS },
      { source, headers: HTTPS_HEADERS, has: BY_HTTPS },
    ]),
  experimental: {
    serverActions: { bodySizeLimit: "64kb" },
    // What is kept of a body while the proxy runs. Well above an action's limit, so that a longer one is refused, not cut off.
    proxyClientMaxBodySize: "1mb",
  },
}

export default config
