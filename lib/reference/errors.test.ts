import { STATUS_CODES } from "node:http"
import { expect, test } from "vitest"
import { ERROR_TEXTS } from "./error-texts"
import {
  API_ERRORS,
  ERROR_CODES,
  ERRORS_PATH,
  type ErrorCode,
  errorSlug,
  getErrorBySlug,
  problemTypePath,
} from "./errors"
import { exampleOf } from "./example-of"
import { INSUFFICIENT_CREDITS_EXAMPLE, REASONS } from "./insufficient-credits"
import { errorPage } from "./pages"

const STATUS_OF: Record<ErrorCode, number> = {
  invalid_input: 400,
  missing_idempotency_key: 400,
  unauthenticated: 401,
  forbidden: 403,
  insufficient_credits: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_key_reused: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  reversal_refused: 422,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
}

test("each code has the status that the API answers with, once", () => {
  expect(Object.fromEntries(API_ERRORS.map(({ code, status }) => [code, status]))).toEqual(STATUS_OF)
  expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length)
  for (const { status } of API_ERRORS) expect(STATUS_CODES[status]).toBeTruthy()
})

test("the type of the credits error is the path that clients know", () => {
  const path = "/reference/api-and-sdk/troubleshooting/errors/insufficient-credits/"
  expect(problemTypePath("insufficient_credits")).toBe(path)
  expect(INSUFFICIENT_CREDITS_EXAMPLE.type).toBe(path)
})

test.each(ERROR_CODES)("%s has a page, and its type ends with a slash there", (code) => {
  const path = problemTypePath(code)
  expect(path).toMatch(/^\/reference\/[a-z/-]+\/$/)
  expect(path).toBe(`${ERRORS_PATH}/${errorSlug(code)}/`)
  expect(errorPage(code).href).toBe(path.slice(0, -1))
  expect(getErrorBySlug(errorSlug(code))?.code).toBe(code)
})

test("a code without a page leads to the list of all", () => {
  expect(problemTypePath("no_such_code")).toBe(`${ERRORS_PATH}/`)
  expect(problemTypePath("insufficient-credits")).toBe(`${ERRORS_PATH}/`)
  for (const slug of ["no-such-code", "not_found", "", "NOT-FOUND", "constructor"])
    expect(getErrorBySlug(slug)).toBeNull()
})

test("an error that needs a change first is not called retryable", () => {
  const retryable = API_ERRORS.filter((error) => error.retryable).map(({ code }) => code)
  expect(retryable).toEqual(["rate_limited", "internal_error", "unavailable"])
})

test("every text is whole sentences with its code marks in pairs", () => {
  const texts = [
    ...API_ERRORS.map(({ summary }) => summary),
    ...Object.values(ERROR_TEXTS).flatMap(({ happened, remedy }) => [happened, ...remedy]),
    ...REASONS.flatMap(({ meaning, remedy }) => [meaning, remedy]),
  ]
  for (const text of texts) {
    expect(text).toMatch(/^[A-Z`].*[.]$/)
    expect(text.split("`").length % 2, text).toBe(1)
    expect(text).not.toMatch(/'/)
  }
})

test("an example repeats its title for earlier clients", () => {
  for (const example of [...API_ERRORS.map(exampleOf), INSUFFICIENT_CREDITS_EXAMPLE])
    expect(example.error).toBe(example.title)
})
