// A build to measure has routes to compare with, which are never part of the product.
const isBench = process.env.BENCH === "1"

/** @type {import("next").NextConfig} */
const config = {
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  pageExtensions: ["tsx", "ts", ...(isBench ? ["bench.ts"] : [])],
  typescript: isBench ? { ignoreBuildErrors: true, tsconfigPath: "tsconfig.bench.json" } : {},
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  serverExternalPackages: ["pino", "pg", "graphile-worker"],
  experimental: { serverActions: { bodySizeLimit: "64kb" } },
}

export default config
