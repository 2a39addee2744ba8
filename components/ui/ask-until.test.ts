import { expect, test } from "vitest"
import { askUntil } from "./ask-until"

const PATIENCE = { tries: 3, pauseMs: 0 }
type Answer = { ok: true; value: string } | { ok: false; code: string; message: string }

async function ask(answers: (Answer | null)[]) {
  let asked = 0
  const outcome = await askUntil(
    PATIENCE,
    async () => {
      const answer = answers[asked++]
      if (!answer) throw new Error("No answer came")
      return answer
    },
    (value) => (value === "done" ? value : null),
  )
  return { outcome, asked }
}
const told = (value: string): Answer => ({ ok: true, value })
const refused: Answer = { ok: false, code: "unavailable", message: "Not now." }

test("asks again until an answer says what became of it", async () => {
  expect(await ask([told("done")])).toEqual({ outcome: "done", asked: 1 })
  expect(await ask([refused, told("waiting"), told("done")])).toEqual({ outcome: "done", asked: 3 })
  expect(await ask([null, told("done")])).toEqual({ outcome: "done", asked: 2 })
})

test("gives up after so many tries, whatever they were", async () => {
  expect(await ask([told("waiting"), refused, null, told("done")])).toEqual({ outcome: null, asked: 3 })
})
