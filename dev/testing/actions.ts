import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { ROOT } from "../stack/build"
import { SESSION_COOKIE } from "./sessions"

export type ServerAction = { id: string; name: string; file: string }

/** The actions that no wrapper guards. Each asks by itself where a request comes from. */
export const OPEN_ACTIONS = [
  "continueAs",
  "continueWith",
  "createTeam",
  "sendSignInLink",
  "signInByLink",
  "signOut",
] as const

/** Returns every server action of the build, as anybody can find them. */
export async function listServerActions(): Promise<ServerAction[]> {
  const file = join(ROOT, ".next", "server", "server-reference-manifest.json")
  const { node } = JSON.parse(await readFile(file, "utf8")) as {
    node: Record<string, { filename: string; exportedName: string }>
  }
  return Object.entries(node).map(([id, { filename, exportedName }]) => ({
    id,
    name: exportedName,
    file: filename,
  }))
}

export async function requireServerAction(name: string): Promise<ServerAction> {
  const action = (await listServerActions()).find((each) => each.name === name)
  if (!action) throw new Error(`The build has no server action ${name}`)
  return action
}

export type ActionAnswer = {
  status: number
  /** The action's return value, or null if it threw or redirected. */
  value: { ok: boolean; code?: string; message?: string; value?: unknown } | null
  redirect: string | null
  cookies: string[]
}

/** Calls a server action without a page, as a program could that has read the page's scripts. */
export async function callServerAction(
  action: ServerAction,
  call: {
    path: string
    args: unknown[]
    session?: string | null
    headers?: Record<string, string>
  },
): Promise<ActionAnswer> {
  const origin = process.env.E2E_APP_URL ?? ""
  const response = await fetch(new URL(call.path, origin), {
    method: "POST",
    redirect: "manual",
    headers: {
      "next-action": action.id,
      "content-type": "text/plain;charset=UTF-8",
      accept: "text/x-component",
      ...(call.session ? { cookie: `${SESSION_COOKIE}=${call.session}` } : {}),
      ...(call.headers ?? { origin }),
    },
    body: JSON.stringify(call.args),
  })
  const text = await response.text()
  const line = text.split("\n").find((each) => each.startsWith("1:{"))
  return {
    status: response.status,
    value: line ? (JSON.parse(line.slice(2)) as ActionAnswer["value"]) : null,
    redirect: response.headers.get("x-action-redirect") ?? response.headers.get("location"),
    cookies: response.headers.getSetCookie(),
  }
}
