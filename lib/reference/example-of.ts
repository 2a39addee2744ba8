import { type ApiError, problemTypePath } from "./errors"

/** An error document as the API sends it. */
export function exampleOf({ code, status, retryable, summary }: ApiError) {
  return {
    type: problemTypePath(code),
    title: summary,
    status,
    instance: "/api/v1/usage",
    retryable,
    error: summary,
    code,
    request_id: "01a1fc73-29ba-7223-9292-d3f461077f27",
  }
}
