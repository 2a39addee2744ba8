import type { z } from "zod"
import { parseParams } from "../notation/params"
import type { World } from "../world/world"
import { expandAnswer } from "./expand"

export type Method = "GET" | "POST" | "DELETE"

export interface Call<P> {
  world: World
  /** The `:name` parts of the path. */
  ids: Record<string, string>
  params: P
}

interface RouteOf<S extends z.ZodType> {
  method: Method
  path: string
  /** Strict: an unnamed key is Stripe's `parameter_unknown`. */
  params: S
  /** The SDK type of the parameters, under `Stripe.`. */
  request?: string
  /** The SDK type of the answer, or in a tuple that of a list's entries. */
  answer: string | [string]
  run: (call: Call<z.output<S>>) => object
}

export interface Route {
  method: Method
  path: string
  request: string | null
  answer: string | [string]
  /** Checks the parameters at once. The function it returns does the work. */
  prepare: (world: World, ids: Record<string, string>, input: Record<string, unknown>) => () => object
}

export function route<S extends z.ZodType>(of: RouteOf<S>): Route {
  return {
    method: of.method,
    path: of.path,
    request: of.request ?? null,
    answer: of.answer,
    prepare: (world, ids, input) => {
      const params = parseParams(of.params, input)
      const expand = Array.isArray(input.expand) ? input.expand.map(String) : []
      return () => expandAnswer(world, of.run({ world, ids, params }), expand)
    },
  }
}

function idsIn(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/")
  const given = path.split("/")
  if (wanted.length !== given.length) return null
  const ids: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ""
    if (part.startsWith(":") && value !== "") ids[part.slice(1)] = decodeURIComponent(value)
    else if (part !== value) return null
  }
  return ids
}

export interface RouteMatch {
  route: Route
  ids: Record<string, string>
}

export function matchRoute(routes: Route[], method: string, path: string): RouteMatch | null {
  for (const each of routes) {
    const ids = each.method === method ? idsIn(each.path, path) : null
    if (ids) return { route: each, ids }
  }
  return null
}
