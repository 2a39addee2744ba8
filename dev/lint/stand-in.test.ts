import { expect, test } from "vitest"
import { readFloors, upwardArrows } from "./floors"
import { betweenFolders, findCircles, readImports } from "./imports"
import { importing, lintFiles } from "./lint-files"

const imports = readImports("stand-in")

test("no file of the stand-in imports itself in the end", () => {
  expect(imports.size).toBeGreaterThan(150)
  expect(findCircles(imports)).toEqual([])
})

test("each folder imports only from floors below it, as the README lists them", () => {
  const folders = betweenFolders(imports)
  folders.delete(".")
  expect(readFloors("stand-in").toSorted()).toEqual([...folders.keys()].sort())
  expect(upwardArrows(folders, readFloors("stand-in"))).toEqual([])
})

test("lint refuses the product in the stand-in, and the stand-in in the product", async () => {
  const found = await lintFiles({
    "stand-in/payments/product.ts": importing("@/lib/money/usd"),
    "stand-in/payments/climbs.ts": importing("../../lib/money/usd"),
    "stand-in/page.tsx": importing("../components/ui/button"),
    "stand-in/payments/workshop.ts": importing("@/dev/stack/ports"),
    "stand-in/payments/product.test.ts": importing("@/lib/money/usd"),
    "stand-in/payments/allowed.ts": importing("../world/store"),
    "stand-in/payments/allowed.test.ts": importing("@/dev/stack/browser"),
    "app/page.ts": importing("@/stand-in/server"),
    "components/teams/list.ts": importing("@/stand-in/server"),
    "components/ui/list.ts": importing("@/stand-in/server"),
    "lib/purchases/start.ts": importing("@/stand-in/server"),
    "lib/ledger/post.ts": importing("@/stand-in/server"),
    "lib/api/app.ts": importing("@/stand-in/server"),
    "lib/stripe/client.ts": importing("@/stand-in/server"),
    "lib/new-folder/file.ts": importing("@/stand-in/server"),
    "lib/clock.ts": importing("@/stand-in/server"),
    "prisma/seed.ts": importing("@/stand-in/server"),
    "proxy.ts": importing("./stand-in/server"),
    "lib/purchases/start.db.test.ts": importing("@/stand-in/server"),
    "dev/demo/main.ts": importing("@/stand-in/server"),
    "e2e/page.spec.ts": importing("@/stand-in/server"),
  })
  const own = "The stand-in is a program of its own and imports nothing of the product."
  const product = "The product knows nothing of its tests and stand-ins."
  expect(found).toEqual(
    [
      `stand-in/payments/product.ts: ${own}`,
      `stand-in/payments/climbs.ts: ${own}`,
      `stand-in/page.tsx: ${own}`,
      `stand-in/payments/workshop.ts: ${own}`,
      `stand-in/payments/product.test.ts: ${own}`,
      `app/page.ts: ${product}`,
      `components/teams/list.ts: ${product}`,
      `components/ui/list.ts: ${product}`,
      `lib/purchases/start.ts: ${product}`,
      `lib/ledger/post.ts: ${product}`,
      `lib/api/app.ts: ${product}`,
      `lib/stripe/client.ts: ${product}`,
      `lib/new-folder/file.ts: ${product}`,
      `lib/clock.ts: ${product}`,
      `prisma/seed.ts: ${product}`,
      `proxy.ts: ${product}`,
    ].sort(),
  )
})
