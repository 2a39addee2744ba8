/** An action's answer to the page: its value, or one sentence and the field it is about. */
export type ActionResult<T> =
  | { ok: true; value: T }
  | { ok: false; code: string; message: string; field?: string }
