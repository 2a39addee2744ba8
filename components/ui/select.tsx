import type { ComponentProps } from "react"
import { classNames } from "./class-names"
import { CONTROL_STYLES } from "./field"
import { Icon } from "./icon"

/** The browser's own list: it works everywhere, and on a phone it is the phone's. */
export function Select({ className, ...rest }: Omit<ComponentProps<"select">, "style">) {
  return (
    <span className={classNames("relative block", className)}>
      <select
        {...rest}
        className={classNames(
          CONTROL_STYLES,
          "h-11 appearance-none truncate pr-9 pl-3 text-[1rem] sm:h-10 sm:text-body",
        )}
      />
      <Icon className="pointer-events-none absolute inset-y-0 right-3 my-auto text-muted" name="expand" />
    </span>
  )
}
