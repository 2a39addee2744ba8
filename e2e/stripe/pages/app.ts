import { Hono } from "hono"
import type { World } from "../world"

export function pagesApp(_world: World): Hono {
  return new Hono()
}
