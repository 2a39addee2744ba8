// A build for measuring includes routes for comparison, which the product never has.
const isBench = process.env.BENCH === "1"

// Paths that aren't pages. `proxy.ts` sets the headers of pages.
const NOT_A_PAGE = ["/api/:path*", "/_next/static/:path*", "/icon.svg"]
const HEADERS = [
  { key: "x-content-type-options", value: "nosniff" },
  { key: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'" },
]
// Only where the browser came by https, as the proxy that ends it reports. On this machine it would hold for every
// port.
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
  // For every reader, and not for crawlers alone, the title comes with the page. Streamed after it, it is gone for a moment
  // each time a page is read anew. Titles need nothing that the page hasn't read.
  htmlLimitedBots: /.*/,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  serverExternalPackages: [
    "stripe",
    "@prisma/client",
    "@prisma/adapter-pg",
    "nodemailer",
    "pdfkit",
    "pino",
    "pg",
    "graphile-worker",
  ],
  headers: async () =>
    NOT_A_PAGE.flatMap((source) => [
      { source, headers: HEADERS },
      { source, headers: HTTPS_HEADERS, has: BY_HTTPS },
    ]),
  experimental: {
    // A build from nothing, as of a new version or in CI, would spend a fifth of its time on a cache that nobody reads.
    turbopackFileSystemCacheForBuild: false,
    serverActions: { bodySizeLimit: "64kb" },
    // How much of a body Next keeps while the proxy runs. Well above an action's limit, so that a longer body is
    // refused and not cut off.
    proxyClientMaxBodySize: "1mb",
  },
}

export default config
