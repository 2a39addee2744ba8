import type { ReactNode } from "react"
import { type ButtonSize, type ButtonVariant, buttonStyles } from "./button-styles"
import { Link } from "./link"

type LinkButtonProps = {
  href: string
  variant?: ButtonVariant
  size?: ButtonSize
  className?: string
  /** Whether following it leads to the top of the page. */
  scroll?: boolean
  children: ReactNode
}

export function LinkButton({
  href,
  variant = "secondary",
  size = "medium",
  className,
  scroll,
  children,
}: LinkButtonProps) {
  return (
    <Link className={buttonStyles(variant, size, className)} href={href} scroll={scroll}>
      {children}
    </Link>
  )
}
