"use client"

import { useFormStatus } from "react-dom"
import { Button, type ButtonProps } from "./button"

/** Submits its form and shows that the form's action is under way. */
export function SubmitButton(props: Omit<ButtonProps, "pending" | "type">) {
  const { pending } = useFormStatus()
  return <Button {...props} pending={pending} type="submit" />
}
