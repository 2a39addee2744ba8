/** @type {import("next").NextConfig} */
const config = {
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  serverExternalPackages: ["pino", "pg", "graphile-worker"],
  experimental: { serverActions: { bodySizeLimit: "64kb" } },
}

export default config
