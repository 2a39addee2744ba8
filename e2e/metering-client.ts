import type { APIRequestContext, Page } from "@playwright/test"
import { expect } from "@playwright/test"
import type { TestTeam } from "@/dev/testing/teams"
import { SCOPE_WORDS } from "@/lib/api-keys/scopes"

type Json = Record<string, unknown>
export type Answer = { status: number; headers: Record<string, string>; json: Json }

/** A customer's program: it has a key and calls the served API over HTTP. */
export class MeteringClient {
  constructor(
    private readonly request: APIRequestContext,
    private readonly apiKey: string,
  ) {}

  /** Reports one record, or a batch, with its own key unless one is given. */
  report(data: Json, key: string = crypto.randomUUID()): Promise<Answer> {
    return this.ask("POST", "/usage", { data, headers: { "idempotency-key": key } })
  }

  async ask(
    method: "GET" | "POST",
    path: string,
    { data, headers = {} }: { data?: Json; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await this.request.fetch(`/api/v1${path}`, {
      method,
      data,
      headers: { ...headers, authorization: `Bearer ${this.apiKey}` },
    })
    return { status: response.status(), headers: response.headers(), json: await response.json() }
  }
}

/** Creates a key with every scope on the page, as a person does, and returns the text that is shown once. */
export async function createKeyOnPage(page: Page, team: TestTeam, name: string): Promise<string> {
  await page.goto(`/${team.slug}/settings/api-keys`)
  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Name").fill(name)
  for (const { title } of Object.values(SCOPE_WORDS)) await dialog.getByLabel(title).check()
  await dialog.getByRole("button", { name: "Create key" }).click()
  const shown = dialog.getByText(/^ck_\S+$/)
  await expect(shown).toBeVisible()
  const apiKey = (await shown.textContent()) ?? ""
  await dialog.getByRole("button", { name: "Done" }).click()
  return apiKey
}
