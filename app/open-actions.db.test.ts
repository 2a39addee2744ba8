import { beforeEach, expect, test } from "vitest"
import type { OPEN_ACTIONS } from "@/dev/testing/actions"
import { beginRequest, request } from "@/dev/testing/requests"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { startSession } from "@/lib/auth/session"
import { ForbiddenError } from "@/lib/errors"
import { continueAs, continueWith, sendSignInLink, signInByLink, signOut } from "./(auth)/sign-in/actions"
import { createTeam } from "./teams/actions"

const world = testDatabase()

/** Actions that no membership guards. The checks in front of them refuse these requests too. */
const OPEN = {
  continueAs: () => continueAs("OWNER", "/"),
  continueWith: () => continueWith("google", "/"),
  createTeam: () => createTeam(new FormData()),
  sendSignInLink: () => sendSignInLink("/", new FormData()),
  signInByLink: () => signInByLink("token", "/", null),
  signOut: () => signOut(),
} satisfies Record<(typeof OPEN_ACTIONS)[number], () => Promise<void>>

beforeEach(() => beginRequest())

test.each(Object.entries(OPEN))("%s asks by itself where a request comes from", async (_, act) => {
  const { owner } = await createTestTeam(world.db)
  await startSession(owner.userId)
  for (const headers of [{}, { origin: "https://evil.example" }, { "sec-fetch-site": "same-origin" }]) {
    request.headers = new Headers(headers as Record<string, string>)
    await expect(act()).rejects.toThrow(ForbiddenError)
  }
  expect(await world.db.session.count({ where: { userId: owner.userId } })).toBe(1)
  expect(await world.db.member.count({ where: { userId: owner.userId } })).toBe(1)
})

test("input that no page of ours sends leads an open action to the 404 page", async () => {
  const { owner } = await createTestTeam(world.db)
  beginRequest()
  await startSession(owner.userId)
  const sent = [undefined, null, "name", { get: "name" }, ["OWNER"]] as never[]
  for (const value of sent)
    for (const act of [
      () => continueWith(value, "/"),
      () => createTeam(value),
      () => sendSignInLink("/", value),
    ])
      await expect(act()).rejects.toMatchObject({ digest: "NEXT_HTTP_ERROR_FALLBACK;404" })
})
